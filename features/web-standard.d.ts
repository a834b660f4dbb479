// The few web-standard globals that features/ uses and that every runtime has: types: [] hides them.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>
}
declare const crypto: {
  readonly subtle: { digest(algorithm: 'SHA-256', content: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> }
}
/** Of a text whose characters are bytes. */
declare function btoa(binary: string): string
/** Throws on what is no base64. */
declare function atob(base64: string): string
