// SPDX-License-Identifier: BSD-2-Clause
// A definition that one can't change here: what it is, its rule in words, and its JSON.

import type { Rule } from '../../services/details';
import { Copyable } from '../../parts/Copyable';
import { Shape } from '../../parts/Shape';
import { Sure } from '../../parts/Sure';
import { categories } from '../../services/catalogue';
import { texts } from '../../texts';
import reasons from '../host/Reasons.module.css';
import css from './Definitions.module.css';
import { textOf, type Draft } from './draft';
import { isGroup, kindOf, ruleText } from './rule';

const words = texts.definitions;

export function ReadDefinition({ of }: { of: Draft }) {
  const { tests: _, ...shown } = of as Draft & { tests?: unknown };
  const category = categories.get(of.category ?? '');
  return (
    <>
      <div className={css.about}>
        <span className={reasons.partHead}>
          <Shape name={of.logo ? `logo:${of.logo}` : (of.icon ?? 'server')} size={22} />
          <span>{of.description}</span>
        </span>
        <span className={css.hint}>{[category?.title, of.is_generic ? words.kinds.generic : words.kinds.product].filter(Boolean).join(' · ')}</span>
        {of.certainty && (
          <span className={css.hint}>
            {words.certainty} <Sure certainty={of.certainty} />
          </span>
        )}
      </div>
      <section aria-label={words.rule} className={css.rules}>
        <h3 className={css.nearTitle}>{words.rule}</h3>
        {of.match ? (
          <ul className={reasons.tree}>
            <Node rule={of.match} />
          </ul>
        ) : (
          <p className={css.hint}>{ruleText(undefined)}</p>
        )}
      </section>
      <details>
        <summary className={css.hint}>{words.jsonLabel}</summary>
        <Copyable text={textOf(shown)} label={words.jsonLabel} />
      </details>
    </>
  );
}

function Node({ rule }: { rule: Rule }) {
  const kind = kindOf(rule);
  const parts = kind && isGroup(kind) ? rule[kind] : kind === 'not' ? [rule.not!] : null;
  return (
    <li>
      <span className={reasons.line}>
        <span className={reasons.text}>{parts ? `${texts.rules.kinds[kind!]}:` : ruleText(rule)}</span>
      </span>
      {parts && (
        <ul>
          {parts.map((part, i) => (
            <Node key={i} rule={part} />
          ))}
        </ul>
      )}
    </li>
  );
}
