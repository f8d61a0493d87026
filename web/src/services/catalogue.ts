// SPDX-License-Identifier: BSD-2-Clause
// The catalogue of services: what something is called, of which category, with which icon. This is its door.

export { imageNames, portTexts, readContainer, runs, type Container, type ContainerPort } from './containers';
export { certainties, claimNames, claimText, deviceKinds, deviceOf, isCertainty, kindTitle, readDevice, systemText, type CertaintyName, type Claim, type ClaimName, type Device, type DeviceKind } from './device';
export { describeHost, forgetHosts, isVirtual, makerOf, type HostKind } from './hosts';
export { allKinds, categories, describeService, kindNamed, kindOfPort, kinds, learnKinds, mdnsType, portsNamed, type Category, type Described, type ServiceKind } from './kinds';
