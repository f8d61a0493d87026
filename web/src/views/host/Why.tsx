// SPDX-License-Identifier: BSD-2-Clause
// Why a host's services and device are called what they are: all of it, or of one in a dialog.

import type { Conclusions, ServiceConclusion } from '../../api';
import { errorText } from '../../errors';
import { linkTo, setParams, withThese } from '../../navigate';
import { Dialog } from '../../parts/Dialog';
import { Reasons } from './Reasons';
import css from './Reasons.module.css';
import { None, Section } from '../../parts/Section';
import { Shape } from '../../parts/Shape';
import { Sure } from '../../parts/Sure';
import { categories, claimNames, claimText, describeService, deviceOf, kindNamed, readDevice, type ClaimName } from '../../services/catalogue';
import { byPortAlone, readReason } from '../../services/reasons';
import { vlanText } from '../../state/address';
import type { HostView } from '../../state/selectors';
import { sourceText, texts } from '../../texts';
import { Ago } from '../../parts/Ago';
import { conclusionsOf, useConclusions } from './conclusions';

const words = texts.reasons;
export const DEVICE = 'device';

// Asks why, of a service's id or of the device.
export const WhyLink = ({ of, what }: { of: string; what: string }) => (
  <a className="link" aria-label={words.whyOf(what)} {...linkTo(withThese({ why: of }))}>
    {words.why}
  </a>
);

function Named({ of }: { of: ServiceConclusion }) {
  const kind = kindNamed(of.definition);
  return (
    <span className={css.name}>
      <Shape name={kind?.icon ?? categories.get('Custom')!.icon} size={17} />
      {kind?.name ?? of.definition}
    </span>
  );
}

const where = (of: ServiceConclusion) => (of.ports.length ? words.at(of.ports.join(', ')) : words.whole);

// Which of the host's addresses it was concluded at: the same is often true of several.
function placesOf(view: HostView, of: ServiceConclusion): string {
  const ids = of.service_ids ?? [of.service_id];
  const places = view.services.filter(each => ids.includes(each.id)).map(each => [each.ip, each.vlan.length ? `${texts.host.vlan} ${vlanText(each.vlan)}` : ''].filter(Boolean).join(' · '));
  return [...new Set(places)].join(', ');
}

const claimsOf = (conclusions: Conclusions) => {
  const device = readDevice(conclusions.device);
  return claimNames.flatMap(name => (device[name] ? [{ name, claim: device[name], reasons: conclusions.device?.[name]?.reasons }] : []));
};

const ClaimHead = ({ name, claim }: { name: ClaimName; claim: { value: string; certainty: string; source: string } }) => (
  <>
    <span className="dim">{words.claims[name]}</span>
    <span className={css.name}>{claimText(name, claim as Parameters<typeof claimText>[1])}</span>
    <Sure certainty={claim.certainty} />
    {claim.source && <span className={css.hint}>{words.source(sourceText(claim.source))}</span>}
  </>
);

// All that is concluded of a host, each with its reasons when it is opened.
export function ConclusionsSection({ view }: { view: HostView }) {
  const { value, problem, reading } = useConclusions(view);
  const claims = value ? claimsOf(value) : [];
  return (
    <Section wide title={words.title} hint={words.hint} aside={value?.concluded_at ? <span className={css.hint}>{words.concluded} <Ago at={value.concluded_at} /></span> : undefined}>
      {problem && !value && <None>{words.failed(errorText(problem))}</None>}
      {value && !reading && claims.length + value.services.length === 0 && <None>{words.none}</None>}
      {claims.map(({ name, claim, reasons }) => (
        <details key={name} className={css.conclusion}>
          <summary>
            <ClaimHead name={name} claim={claim} />
          </summary>
          <Reasons reasons={reasons} hostId={view.id} />
        </details>
      ))}
      {value?.services.map((each, i) => (
        <details key={`${each.definition} ${i}`} className={css.conclusion}>
          <summary>
            <Named of={each} />
            <span className="dim">{where(each)}</span>
            {each.ports.length > 0 && <span className={css.hint}>{placesOf(view, each)}</span>}
            <Sure certainty={each.certainty} />
          </summary>
          <Reasons reasons={each.reasons} hostId={view.id} leftOut={each.left_out} />
        </details>
      ))}
    </Section>
  );
}

// of: a service's id, or "device".
export function WhyDialog({ view, of }: { view: HostView; of: string }) {
  const { value, problem } = useConclusions(view);
  const service = view.services.find(each => each.id === of);
  const close = () => setParams({ why: null });
  if (of !== DEVICE && !service) return null;
  const title = service ? words.whyOf(describeService(service).title) : words.device;
  return (
    <Dialog title={title} close={close} size="lg">
      {problem && !value && <p role="alert" className={css.hint}>{words.failed(errorText(problem))}</p>}
      {value && (service ? <OfService view={view} list={conclusionsOf(value.services, service)} /> : <OfDevice view={view} value={value} />)}
    </Dialog>
  );
}

function OfService({ view, list }: { view: HostView; list: ServiceConclusion[] }) {
  if (!list.length) return <p className={css.hint}>{words.noneOf}</p>;
  return list.map((each, i) => {
    const reason = readReason(each.reasons);
    return (
      <div key={i} className={css.part}>
        <div className={css.partHead}>
          {i > 0 && <span className="dim">{words.asWell}</span>}
          <Named of={each} />
          <span className="dim">{where(each)}</span>
          <Sure certainty={each.certainty} />
        </div>
        {each.certainty === 'low' && reason && byPortAlone(reason) && <p className={css.hint}>{words.guess}</p>}
        <Reasons reasons={each.reasons} hostId={view.id} leftOut={each.left_out} />
      </div>
    );
  });
}

function OfDevice({ view, value }: { view: HostView; value: Conclusions }) {
  const claims = claimsOf(value);
  if (!claims.length) return <p className={css.hint}>{words.noneOf}</p>;
  return claims.map(({ name, claim, reasons }) => (
    <div key={name} className={css.part}>
      <div className={css.partHead}>
        <ClaimHead name={name} claim={claim} />
      </div>
      <Reasons reasons={reasons} hostId={view.id} />
    </div>
  ));
}

// What the device is, in one line below its name; nothing when nothing is known.
export function DeviceLine({ view }: { view: HostView }) {
  const device = deviceOf(view.host);
  const known = claimNames.flatMap(name => (device[name] && !(name === 'os_version' && !device.os) ? [{ name, claim: device[name] }] : []));
  if (!known.length) return null;
  return (
    <p className={css.partHead} aria-label={words.device}>
      {!device.kind && <span className="dim">{words.kindUnknown}</span>}
      {known.map(({ name, claim }) => (
        <span key={name} className={css.name} title={`${words.claims[name]}, ${words.source(sourceText(claim.source))}`}>
          {claimText(name, claim)} <Sure certainty={claim.certainty} />
        </span>
      ))}
      <WhyLink of={DEVICE} what={words.deviceWhat} />
    </p>
  );
}
