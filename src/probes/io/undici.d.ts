// The package has types only for its main entry. This file exports the same class without loading the rest.
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}
