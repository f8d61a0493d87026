// SPDX-License-Identifier: BSD-2-Clause
// The catalogue of services: what something is called, of which category, with which icon. This is its door.

export { imageNames, portTexts, readContainer, runs, type Container, type ContainerPort } from './containers';
export { describeHost, isVirtualByMaker, type HostKind } from './hosts';
export { categories, describeService, kindNamed, kindOfPort, kinds, mdnsType, portsNamed, type Category, type Described, type ServiceKind } from './kinds';
