// SPDX-License-Identifier: BSD-2-Clause
export { ApiError, type List } from './request';
export * from './people';
export * from './things';
export * from './discovery';
export * from './alerts';
export * from './credentials';
export * from './history';
export * from './identity';
export * from './layer2';
export * from './recognize';
export * from './topology';
export * from './exchange';
