# SPDX-License-Identifier: BSD-2-Clause
SENSOR_PACKAGES := libbpf libxdp libpcap sqlite3 libwebsockets json-c libcap-ng openssl liburing libcurl zlib netsnmp libseccomp
SENSOR_SOURCES := $(wildcard sensor/*.c sensor/decode/*.c sensor/probe/*.c sensor/ask/*.c sensor/snmp/*.c sensor/scan/*.c sensor/docker/*.c sensor/heard/*.c sensor/conflict/*.c)
# The XDP engine with what it needs, for tests and benches that have no more of the sensor.
CAPTURE_SOURCES := $(addprefix sensor/,table.c capture.c capture_left.c capture_map.c capture_sweep.c port.c port_flag.c privilege.c silence.c silence_port.c interface.c clock.c)
CAPTURE_PACKAGES := libbpf libxdp libcap-ng libseccomp
SENSOR_OBJECTS := $(call objects,$(SENSOR_SOURCES))

$(SENSOR_OBJECTS): ROOM_CFLAGS = $(shell pkg-config --cflags $(SENSOR_PACKAGES))
$(SENSOR_OBJECTS): | $(BPF_SKELETONS)

$(BUILD)/netvisor-sensor: $(SENSOR_OBJECTS) $(BUILD)/libdefs.a
	$(CC) $(SANITIZE) -o $@ $^ $(shell pkg-config --libs $(SENSOR_PACKAGES)) $(LDFLAGS)
