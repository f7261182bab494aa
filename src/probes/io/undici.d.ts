// The package has types for its front door only; behind it lies the same class, without all that is loaded beside it.
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}
