// SPDX-License-Identifier: BSD-2-Clause
// Words of the first steps.

import { plural } from '../format';

export const tour = {
  again: 'First steps',
  title: 'First steps',
  resume: 'Go on with the first steps',
  step: (step: number, all: number) => `Step ${step} of ${all}`,
  skip: 'Skip',
  skipHint: 'You find this again in the account’s menu.',
  back: 'Back',
  next: 'Next',
  steps: { welcome: 'Welcome', network: 'Your network', sensor: 'A sensor', listening: 'Listening', discovery: 'Asking' },

  welcome: {
    title: 'Welcome to NetVisor',
    text: 'NetVisor draws your network as it is, and keeps the drawing true. It learns by listening: without being asked, it sends nothing to your network.',
    points: ['A name for your network', 'A sensor that listens', 'The first hosts, as they are heard', 'Your topology'],
    act: 'Begin',
  },
  network: {
    title: 'What is this network called?',
    text: 'A place, a company, a household. You can have several, each with its own sensors; begin with one.',
    name: 'Name of the network',
    failed: (why: string) => `The name was not saved: ${why}`,
    viewer: 'Your role may look, not change: the name stays as it is.',
  },
  sensor: {
    title: 'A sensor listens',
    text: 'It watches a mirror port of a switch, or the port of any Linux machine.',
    waiting: 'No sensor is connected yet. This page notices when one is.',
    there: (name: string) => `${name} is connected.`,
    away: (name: string) => `${name} was here and is not connected now.`,
    add: 'Add a sensor',
    later: 'You can go on, and add one later.',
    viewer: 'An administrator adds sensors.',
  },
  listening: {
    title: 'What listening tells',
    text: 'Each device that speaks past the sensor appears: its addresses, its vendor, the name it calls itself, the services that others use of it, and who talks to whom. Silent devices show when they speak.',
    hosts: (count: number) => `${plural(count, 'host')} so far`,
    services: (count: number) => plural(count, 'service'),
    flows: (count: number) => plural(count, 'conversation'),
    none: 'Nothing yet. The first frames are enough.',
    latest: 'The latest',
  },
  discovery: {
    title: 'Ask as well?',
    text: 'Listening goes on by itself. The sensor’s own machine tells of itself at first contact and every night: its ports, addresses and networks, and whether it runs Docker. That asks nobody else: no packet is sent to your network. If you like, it does so again now.',
    no: 'No, only listen',
    noHint: 'You can ask at any time, under Sessions.',
    yes: 'Yes, let the sensor’s machine tell of itself, now',
    noSensor: 'There is no connected sensor to ask. You find this under Sessions when there is one.',
    viewer: 'Your role may look, not ask.',
    act: 'See the topology',
    failed: (why: string) => `It was not asked: ${why}`,
  },
};
