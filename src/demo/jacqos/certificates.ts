/**
 * Test certificates of JacqOS's stand-in planes. They are valid from 2020 to 2119, and their keys are public: they
 * protect nothing. They let the stand-in speak real TLS without openssl. The key of the CA was deleted.
 */
import type { KeyPair } from '../key-pair.ts';

/** The CA that signs the certificates of the stand-in's planes. */
export const standInCa = `-----BEGIN CERTIFICATE-----
MIIBDjCCAMCgAwIBAgIIAdOXeYc1ujowBQYDK2VwMCIxIDAeBgNVBAMMF0phY3FP
UyBzdGFuZC1pbiB0ZXN0IENBMCIYDzIwMjAwMTAxMDAwMDAwWhgPMjExOTEyMzEw
MDAwMDBaMCIxIDAeBgNVBAMMF0phY3FPUyBzdGFuZC1pbiB0ZXN0IENBMCowBQYD
K2VwAyEAyhjsua8DuvwzkyGLPPO6yWxdaOeHV03ViSnxia3rUy6jEDAOMAwGA1Ud
EwQFMAMBAf8wBQYDK2VwA0EAuY+G07Cz4SPuJDjyLrc6+ZqbkAhJ5Gkrg9xr4Axs
gcgGxQhgXIhMfd/PSy+Unh7RezT5idhcOreRVFQy4jn6DQ==
-----END CERTIFICATE-----
`;

/** The certificate of both planes, for localhost and 127.0.0.1. */
export const planeCertificate: KeyPair = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBHzCCANGgAwIBAgIIAaDwtypq024wBQYDK2VwMCIxIDAeBgNVBAMMF0phY3FP
UyBzdGFuZC1pbiB0ZXN0IENBMCIYDzIwMjAwMTAxMDAwMDAwWhgPMjExOTEyMzEw
MDAwMDBaMBoxGDAWBgNVBAMMD2phY3Fvcy1zdGFuZC1pbjAqMAUGAytlcAMhAOKb
lgN1yKIo4dN8nfnawrjj0AZmXZJCuGdcHhNt+j7xoykwJzAJBgNVHRMEAjAAMBoG
A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAFBgMrZXADQQDFvYUnv077/UhaJXHh
9K6cFalPueRvp9LWkZSzZXuf42ZJ3mGOP5M2GNzoxGcWFphmJmoLd0C97RtP6fq7
76AC
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIP2CEMcK9UIVMnz1hy4b+y6SufP6kv9JC/IJQFqKGQ0a
-----END PRIVATE KEY-----
`,
};

/** The same, expired on 2021-01-01. */
export const expiredCertificate: KeyPair = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBHzCCANGgAwIBAgIIAYAMQr8FKFwwBQYDK2VwMCIxIDAeBgNVBAMMF0phY3FP
UyBzdGFuZC1pbiB0ZXN0IENBMCIYDzIwMjAwMTAxMDAwMDAwWhgPMjAyMTAxMDEw
MDAwMDBaMBoxGDAWBgNVBAMMD2phY3Fvcy1zdGFuZC1pbjAqMAUGAytlcAMhAOs8
lakPprYZKZGlltbIArA/TqEZQG5dv48pzhFmuBk6oykwJzAJBgNVHRMEAjAAMBoG
A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAFBgMrZXADQQDHZvE+2jliFdvEbj1+
i85ECQxqFq/SUpMPQx1gucadsIdQTUiVXo10UJDw0Q/nREamfEVYB/2QmI4um/Fu
iQwB
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIG7NxYjYUVWYIwc86Z8upExJWvMJi+3iv6LdVs9gAVrJ
-----END PRIVATE KEY-----
`,
};
