// SPDX-License-Identifier: BSD-2-Clause
/// <reference types="vite/client" />
declare module 'virtual:theme.css';

// Made by web/definitions.ts from defs/services/.
declare module 'virtual:services' {
  const all: {
    categories: { id: string; title: string; icon: string; light: string; dark: string }[];
    devices: [string, string, string][]; // kinds in their order: id, title, icon
    ports: number;
    // Id, name, category, icon, generic?, ports, mDNS types.
    services: [string, string, string, string, 0 | 1, string, string][];
  };
  export default all;
}
declare module 'virtual:definition-schema' {
  const all: import('./services/language').Schema;
  export default all;
}
declare module 'virtual:service-details' {
  const all: import('./services/details').Definition[];
  export default all;
}
declare module 'virtual:icons' {
  const all: Record<string, string[]>;
  export default all;
}
