/** Writes a protobuf message into memory, field by field. Source: protobuf.dev, "Encoding". */
export class ProtobufWriter {
  private bytes = Buffer.allocUnsafe(1024)
  private length = 0

  /** @param value whole, not negative */
  int(field: number, value: number): void {
    this.varint(field * 8)
    this.varint(value)
  }

  text(field: number, value: string): void {
    this.raw(field, Buffer.from(value))
  }

  raw(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2)
    this.varint(value.length)
    this.room(value.length)
    this.bytes.set(value, this.length)
    this.length += value.length
  }

  message(field: number, write: (inner: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter()
    write(inner)
    this.raw(field, inner.finish())
  }

  /** Packed. */
  ints(field: number, values: ArrayLike<number>): void {
    const inner = new ProtobufWriter()
    for (let i = 0; i < values.length; i++) inner.varint(values[i])
    this.raw(field, inner.finish())
  }

  /** Packed. */
  floats(field: number, values: ArrayLike<number>): void {
    const packed = Buffer.allocUnsafe(4 * values.length)
    for (let i = 0; i < values.length; i++) packed.writeFloatLE(values[i], 4 * i)
    this.raw(field, packed)
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.length)
  }

  private varint(value: number): void {
    this.room(10)
    for (; value >= 128; value = Math.floor(value / 128)) this.bytes[this.length++] = (value % 128) + 128
    this.bytes[this.length++] = value
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + more))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }
}
