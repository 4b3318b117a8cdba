// The WebCrypto types that portable code may name. @types/node keeps them inside node:crypto; the DOM library, which the
// browser half is checked with, has them as globals.
type CryptoKey = import('node:crypto').webcrypto.CryptoKey
type SubtleCrypto = import('node:crypto').webcrypto.SubtleCrypto
type CryptoKeyPair = import('node:crypto').webcrypto.CryptoKeyPair
