// SPDX-License-Identifier: BSD-2-Clause
// The picture of the network, to look at and to arrange. React makes its elements once and hands the props on; looking
// around is the controller's, and renders nothing.

import { useId, useImperativeHandle, useLayoutEffect, useRef, useState, type PointerEvent } from 'react';

import { readPalette, type Palette } from '../../../topology/paint/palette';
import { forgetWidths } from '../../../topology/paint/text';
import { texts } from '../../../texts/picture';
import { Controller } from './controller';
import { describe } from './describe';
import { listenToKeys } from './keys';
import { Minimap } from './minimap';
import { Outline } from './Outline';
import css from './Picture.module.css';
import { listenToPointer } from './pointer';
import type { PictureProps } from './props';
import { type Shown, Tooltip, useValue, Value } from './Tooltip';

export type { Hit, PictureHandle, PictureProps } from './props';
export type { Insets, Viewport } from './viewport';

const TOOLTIP_MS = 260;
const FONTS = ["400 13px 'Geist Variable'", "600 13px 'Geist Variable'", "400 12px 'Geist Mono Variable'"];

export function Picture(props: PictureProps) {
  const element = useRef<HTMLDivElement>(null);
  const lower = useRef<HTMLCanvasElement>(null);
  const upper = useRef<HTMLCanvasElement>(null);
  const map = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLDivElement>(null);
  const controller = useRef<Controller>(null);
  const first = useRef(props);
  first.current = props;
  const [tooltip] = useState(() => new Value<Shown | null>(null));
  const [focus] = useState(() => new Value<string | null>(null));
  const [said] = useState(() => new Value(''));
  const id = useId();

  useLayoutEffect(() => {
    const made = start(element.current!, lower.current!, upper.current!, map.current!, note.current!, first.current, { tooltip, focus, said });
    controller.current = made.controller;
    return () => {
      controller.current = null;
      made.stop();
    };
  }, [tooltip, focus, said]);
  useLayoutEffect(() => controller.current?.update(props));
  useImperativeHandle(props.ref, () => ({
    fit: () => controller.current?.fit(),
    flyTo: target => controller.current?.flyTo(target),
    zoomBy: factor => controller.current?.zoomBy(factor),
    focus: () => element.current?.focus(),
    viewport: () => controller.current?.board.view ?? { x: 0, y: 0, zoom: 1 },
    neighbours: target => controller.current?.around(target).nodes ?? new Set<string>(),
  }), []);

  const toMap = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    event.currentTarget.dispatchEvent(new CustomEvent('place', { detail: { x: event.clientX - box.left, y: event.clientY - box.top } }));
  };
  return (
    <div className={css.picture} data-testid="picture-frame">
      <div
        ref={element}
        className={css.picture}
        role="application"
        aria-label={props.label ?? texts.label}
        aria-roledescription={texts.role}
        aria-describedby={`${id}-how`}
        aria-activedescendant={`${id}-focus`}
        tabIndex={0}
        data-testid="picture"
      >
        <canvas ref={lower} aria-hidden />
        <canvas ref={upper} className={css.upper} aria-hidden />
        <Focus id={`${id}-focus`} value={focus} />
      </div>
      <p id={`${id}-how`} className="hidden">
        {texts.describe}
      </p>
      <Said value={said} />
      <Tooltip shown={tooltip} />
      <div ref={note} className={css.note} />
      <div ref={map} className={css.map} onPointerDown={toMap} onPointerMove={toMap} aria-hidden title={texts.minimap}>
        <canvas />
        <div className={css.frame} />
      </div>
      <Outline graph={props.graph} />
    </div>
  );
}

export default Picture;

function Focus({ id, value }: { id: string; value: Value<string | null> }) {
  const text = useValue(value);
  return (
    <div id={id} className="hidden" role="img" aria-label={text ?? texts.nothingFocused} />
  );
}

function Said({ value }: { value: Value<string> }) {
  return (
    <div role="status" aria-live="polite" className="hidden">
      {useValue(value)}
    </div>
  );
}

interface Values {
  tooltip: Value<Shown | null>;
  focus: Value<string | null>;
  said: Value<string>;
}

function start(element: HTMLDivElement, lower: HTMLCanvasElement, upper: HTMLCanvasElement, map: HTMLDivElement, note: HTMLDivElement, props: PictureProps, values: Values) {
  let palette: Palette = readPalette(element);
  let tooltipTimer = 0;
  const say = (text: string) => values.said.set(text);
  const controller = new Controller(lower, upper, palette, props, {
    hover(hovered) {
      clearTimeout(tooltipTimer);
      if (!hovered) return values.tooltip.set(null);
      const show = () => {
        const words = describe(controller.scene, hovered.hit, Date.now() / 1000);
        const { width, height } = controller.board.size;
        values.tooltip.set(words && { words, ...hovered.at, left: hovered.at.x > width - 330, above: hovered.at.y > height - 130 });
      };
      if (values.tooltip.get()) show();
      else tooltipTimer = window.setTimeout(show, TOOLTIP_MS);
    },
    focus: text => values.focus.set(text),
    say,
    drawn(isFirst, edgesLeft) {
      if (isFirst) element.dataset.ready = 'true';
      note.textContent = edgesLeft ? texts.edgesLeft(edgesLeft) : '';
    },
    looked: () => minimap.follow(palette),
    cursor,
  });
  const minimap = new Minimap(map.querySelector('canvas')!, map.lastElementChild as HTMLElement, controller);

  function cursor(name: string) {
    element.style.cursor = name;
  }

  const sizes = new ResizeObserver(() => controller.resize({ width: element.clientWidth, height: element.clientHeight }, devicePixelRatio));
  sizes.observe(element);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const onCalm = () => (controller.board.motionAllowed = !calm.matches);
  onCalm();
  const scheme = new MutationObserver(() => {
    palette = readPalette(element);
    controller.board.setPalette(palette);
  });
  scheme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] });
  // Letters of the page's own font; until it has come, of another.
  void Promise.all(FONTS.map(font => document.fonts.load(font))).then(() => {
    forgetWidths();
    controller.board.redraw();
  }, () => {});
  const toPlace = (event: Event) => controller.look({ ...controller.board.view, ...minimap.at((event as CustomEvent<{ x: number; y: number }>).detail) });
  map.addEventListener('place', toPlace);
  calm.addEventListener('change', onCalm);
  const offPointer = listenToPointer(element, controller, cursor);
  const offKeys = listenToKeys(element, controller, say);
  return {
    controller,
    stop() {
      sizes.disconnect();
      scheme.disconnect();
      calm.removeEventListener('change', onCalm);
      map.removeEventListener('place', toPlace);
      clearTimeout(tooltipTimer);
      offPointer();
      offKeys();
      minimap.dispose();
      controller.dispose();
    },
  };
}
