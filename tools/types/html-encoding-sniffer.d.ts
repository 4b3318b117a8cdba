/** The package has no typings of its own. */
declare module 'html-encoding-sniffer' {
  /** The name of the encoding of an HTML document, as the Encoding Standard spells it. */
  export default function sniff(bytes: Uint8Array, options?: { xml?: boolean; transportLayerEncodingLabel?: string; defaultEncoding?: string }): string
}
