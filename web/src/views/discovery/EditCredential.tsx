// SPDX-License-Identifier: BSD-2-Clause
// The form of an SNMP credential. A secret that is there is not in it: it stays unless another is typed.

import { PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';

import { snmpCredentials, type SnmpCredential, type SnmpCredentialDraft, type SnmpVersion } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Choice } from '../../parts/Fields';
import { useForm, type Form } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Sheet } from '../../parts/Sheet';
import { changed } from '../../remote';
import { texts } from '../../texts';
import css from './EditDiscovery.module.css';

const words = texts.discovery.credentials;
const NONE = 'none';
const auths = ['SHA', 'SHA-224', 'SHA-256', 'SHA-384', 'SHA-512', 'MD5'];
const privacies = ['AES', 'AES-192', 'AES-256', 'DES'];
const optionsOf = (names: string[]) => [...names.map(name => ({ value: name, label: name })), { value: NONE, label: words.none }];

interface Values {
  name: string;
  version: SnmpVersion;
  port: string;
  targets: string;
  username: string;
  context: string;
  auth_protocol: string;
  privacy_protocol: string;
  community: string;
  auth_password: string;
  privacy_password: string;
}

type Secret = 'community' | 'auth_password' | 'privacy_password';

const valuesOf = (of: SnmpCredential | null): Values => ({
  name: of?.name ?? '',
  version: of?.version ?? 'V2c',
  port: String(of?.port ?? 161),
  targets: of?.targets.join('\n') ?? '',
  username: of?.username ?? '',
  context: of?.context ?? '',
  auth_protocol: of ? (of.auth_protocol ?? NONE) : 'SHA-256',
  privacy_protocol: of ? (of.privacy_protocol ?? NONE) : 'AES',
  community: '',
  auth_password: '',
  privacy_password: '',
});

// Of a credential, or of one that is made, which secrets its version takes.
const takes = ({ version, auth_protocol, privacy_protocol }: Values, secret: Secret) =>
  version !== 'V3' ? secret === 'community' : secret === 'auth_password' ? auth_protocol !== NONE : secret === 'privacy_password' && privacy_protocol !== NONE;

function draftOf(values: Values): SnmpCredentialDraft {
  const isThree = values.version === 'V3';
  const orNull = (text: string) => (isThree && text && text !== NONE ? text : null);
  return {
    name: values.name.trim(),
    version: values.version,
    port: Number(values.port),
    targets: values.targets.split(/[\s,]+/).filter(Boolean),
    username: orNull(values.username.trim()),
    context: orNull(values.context.trim()),
    auth_protocol: orNull(values.auth_protocol),
    privacy_protocol: orNull(values.privacy_protocol),
    ...Object.fromEntries((['community', 'auth_password', 'privacy_password'] as const).filter(secret => values[secret] && takes(values, secret)).map(secret => [secret, values[secret]])),
  };
}

// What the API can not say of itself: which fields go together.
function problemsOf(values: Values, has: (secret: Secret) => boolean) {
  const found: Partial<Record<keyof Values, string>> = {};
  for (const secret of ['community', 'auth_password', 'privacy_password'] as const) {
    if (!takes(values, secret)) continue;
    if (!values[secret] && !has(secret)) found[secret] = words.missing;
    else if (secret !== 'community' && values[secret] && values[secret].length < 8) found[secret] = words.passwordShort;
  }
  if (values.version === 'V3' && !values.username.trim()) found.username = words.missing;
  if (values.version === 'V3' && values.auth_protocol === NONE && values.privacy_protocol !== NONE) found.privacy_protocol = words.privacyNeeds;
  return found;
}

export function EditCredential({ of, close }: { of: SnmpCredential | null; close: () => void }) {
  const rights = useRights();
  const network_id = useNetworkId();
  const has = (secret: Secret) => Boolean(of?.[`has_${secret}`]);
  const form = useForm(
    valuesOf(of),
    values => (of ? snmpCredentials.update(of.id, draftOf(values), of.revision) : snmpCredentials.create({ network_id, ...draftOf(values) })),
    (_, values) => {
      changed('credentials');
      say(words.saved(values.name.trim()));
      close();
    },
    { against: { operation: of ? 'put /api/snmp-credentials/{id}' : 'post /api/snmp-credentials', body: draftOf, only: ['name', 'port'] }, check: values => problemsOf(values, has) },
  );
  const { values, set } = form;
  return (
    <Sheet title={of ? words.edit : words.new} close={close} form={form} act={texts.save} reload={() => changed('credentials')} readOnly={!rights.manage && texts.form.viewer}>
      <TextInput data-autofocus label={words.name} description={words.nameHint} maxLength={100} {...form.text('name')} />
      <div>
        <p className={css.label}>{words.version}</p>
        <SegmentedControl aria-label={words.version} value={values.version} onChange={version => set('version', version as SnmpVersion)} data={Object.entries(words.versions).map(([value, label]) => ({ value, label }))} />
        <p className={css.hint}>{words.versionHint[values.version]}</p>
      </div>
      {values.version === 'V3' ? <UserFields form={form} has={has} /> : <SecretField form={form} name="community" label={words.community} has={has('community')} />}
      <Textarea label={words.targets} description={words.targetsHint} autosize minRows={2} maxRows={6} classNames={{ input: 'mono' }} spellCheck={false} {...form.text('targets')} />
      <TextInput label={words.port} type="number" min={1} max={65535} {...form.text('port')} />
    </Sheet>
  );
}

function UserFields({ form, has }: { form: Form<Values>; has: (secret: Secret) => boolean }) {
  const { values, set, errors } = form;
  return (
    <>
      <TextInput label={words.username} autoComplete="off" {...form.text('username')} />
      <Choice label={words.auth} options={optionsOf(auths)} value={values.auth_protocol} change={name => set('auth_protocol', name)} error={errors.auth_protocol} />
      {values.auth_protocol !== NONE && <SecretField form={form} name="auth_password" label={words.authPassword} has={has('auth_password')} />}
      <Choice label={words.privacy} options={optionsOf(privacies)} value={values.privacy_protocol} change={name => set('privacy_protocol', name)} error={errors.privacy_protocol} />
      {values.privacy_protocol !== NONE && <SecretField form={form} name="privacy_password" label={words.privacyPassword} has={has('privacy_password')} />}
      <TextInput label={words.context} description={words.contextHint} autoComplete="off" {...form.text('context')} />
    </>
  );
}

// Not a password of this site: browsers are not to keep it.
const SecretField = ({ form, name, label, has }: { form: Form<Values>; name: Secret; label: string; has: boolean }) => (
  <PasswordInput label={label} description={has ? words.kept : words.secretHint} autoComplete="new-password" maxLength={128} {...form.text(name)} />
);
