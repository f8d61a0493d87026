// SPDX-License-Identifier: BSD-2-Clause
/// <reference types="vite/client" />
declare module 'virtual:theme.css';
