# SPDX-License-Identifier: BSD-2-Clause
"""A PostgreSQL of a test's own, for collectors that are given a --database-url."""
from netvisor import *

BIN = sorted(os.path.join("/usr/lib/postgresql", v, "bin") for v in os.listdir("/usr/lib/postgresql"))[-1]


class Server:
    """Its superuser is admin; nv, who owns the databases, is none."""

    def __init__(self, *settings):
        self.directory = tempfile.mkdtemp(prefix="netvisor-server-")
        self.user = "postgres" if os.geteuid() == 0 else None
        self.as_user = {"user": self.user} if self.user else {}
        self.settings = [word for one in settings for word in ("-c", one)]
        self.process = None
        if self.user:
            shutil.chown(self.directory, self.user)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        with open(os.path.join(self.directory, "pw"), "w") as file:
            file.write("adminpw\n")
        subprocess.run([BIN + "/initdb", "-D", self.directory + "/pg", "-U", "admin", "--auth=scram-sha-256", "--pwfile=" + self.directory + "/pw",
                        "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, cwd=self.directory, stdout=subprocess.DEVNULL, **self.as_user)
        self.start()
        self.query("CREATE ROLE nv LOGIN CREATEROLE PASSWORD 'nvpw'", "postgres")

    def start(self):
        """Until it answers: while processes of a killed one are about, a new one ends at once."""
        command = [BIN + "/postgres", "-D", self.directory + "/pg", "-p", str(self.port), "-k", self.directory, "-c", "listen_addresses=localhost"] + self.settings

        def step():
            if not self.process or self.process.poll() is not None:
                self.process = subprocess.Popen(command, cwd=self.directory, stderr=subprocess.DEVNULL, **self.as_user)
                time.sleep(0.1)
            return self.answers()

        until(step, 60)
        return self

    def answers(self):
        try:
            return self.query("SELECT 1", "postgres")
        except RuntimeError:
            return None

    def kill(self, how=signal.SIGKILL):
        """With SIGKILL its own children notice and end; the next start recovers."""
        self.process.send_signal(how)
        self.process.wait()

    def database(self, name, template="template0"):
        """A new one; its URL."""
        self.query(f"CREATE DATABASE {name} OWNER nv TEMPLATE {template}", "postgres")
        return self.url(name)

    def url(self, name, user="nv:nvpw"):
        return f"postgresql://{user}@localhost:{self.port}/{name}"

    def psql(self, script, name="netvisor", user="admin:adminpw"):
        run = subprocess.run(["psql", self.url(name, user), "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1"], input=script, capture_output=True, text=True)
        if run.returncode:
            raise RuntimeError(run.stderr)
        return run.stdout

    def query(self, sql, name="netvisor"):
        return self.psql(sql, name).strip()

    def rows(self, sql, name="netvisor"):
        return [line.split("\t") for line in self.psql("SET search_path = netvisor, pg_catalog;" + sql, name).splitlines()]

    def remove(self):
        if self.process.poll() is None:
            self.kill(signal.SIGINT)
        shutil.rmtree(self.directory, ignore_errors=True)
