/** A fault in the bytes themselves. */
export class ProtobufFault extends Error {
  override readonly name = 'ProtobufFault'
}

const groupStart = 3
const groupEnd = 4
const mostNumbers = 50_000_000

/** Reads one protobuf message field by field. Every length is held against the message's end, nothing is read twice, and
 *  unknown fields are skipped by length: the time is proportional to the bytes, whatever they say.
 *  Source: protobuf.dev, "Encoding".
 *
 *      const reader = new ProtobufReader(bytes)
 *      while (reader.next()) if (reader.field === 7) … reader.text() … else reader.skip() */
export class ProtobufReader {
  private readonly bytes: Buffer
  private readonly end: number
  private at: number
  field = 0
  private wire = 0

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = start
    this.end = end
  }

  /** Goes to the next field; its value must be read or skipped. */
  next(): boolean {
    if (this.at === this.end) return false
    const tag = this.readVarint()
    this.field = Math.floor(tag / 8)
    this.wire = tag % 8
    if (tag < 8 || tag > 0xffffffff || this.wire === groupStart || this.wire === groupEnd || this.wire > 5)
      throw this.fault('no field begins')
    return true
  }

  skip(): void {
    if (this.wire === 0) this.readVarint()
    else if (this.wire === 1) this.take(8)
    else if (this.wire === 5) this.take(4)
    else this.take(this.readLength())
  }

  int(): number {
    this.need(0)
    return this.readVarint()
  }

  float(): number {
    this.need(5)
    return this.bytes.readFloatLE(this.take(4))
  }

  /** A view, not a copy. */
  raw(): Buffer {
    this.need(2)
    const length = this.readLength()
    const start = this.take(length)
    return this.bytes.subarray(start, start + length)
  }

  text(): string {
    return this.raw().toString('utf8')
  }

  message(): ProtobufReader {
    this.need(2)
    const length = this.readLength()
    const start = this.take(length)
    return new ProtobufReader(this.bytes, start, start + length)
  }

  /** Numbers of a repeated field, packed or one by one. */
  ints(into: NumberList): void {
    if (this.wire === 0) return into.push(this.readVarint())
    const end = this.packed()
    while (this.at < end) into.push(this.readVarint())
    if (this.at !== end) throw this.fault('a list of numbers does not end where it should')
  }

  floats(into: NumberList): void {
    if (this.wire === 5) return into.push(this.float())
    const end = this.packed(4)
    for (; this.at < end; this.at += 4) into.push(this.bytes.readFloatLE(this.at))
  }

  doubles(into: NumberList): void {
    if (this.wire === 1) return into.push(this.bytes.readDoubleLE(this.take(8)))
    const end = this.packed(8)
    for (; this.at < end; this.at += 8) into.push(this.bytes.readDoubleLE(this.at))
  }

  private packed(size = 1): number {
    this.need(2)
    const length = this.readLength()
    if (length > this.end - this.at || length % size !== 0)
      throw this.fault('a list of numbers is longer than the message')
    return this.at + length
  }

  private readLength(): number {
    const length = this.readVarint()
    if (length < 0) throw this.fault('a length is negative')
    return length
  }

  /** Goes on by so many bytes. @returns where they begin */
  private take(length: number): number {
    if (length > this.end - this.at) throw this.fault('it is cut off')
    const start = this.at
    this.at += length
    return start
  }

  /** Up to ten bytes of seven bits, the lowest first; as two's complement of 64 bits. */
  private readVarint(): number {
    let low = 0
    let high = 0
    for (let i = 0; i < 10; i++) {
      if (this.at >= this.end) throw this.fault('it is cut off')
      const byte = this.bytes[this.at++]
      const bits = byte & 127
      if (i < 4) low |= bits << (7 * i)
      else if (i === 4) {
        low |= bits << 28
        high = bits >> 4
      } else high |= bits << (7 * i - 32)
      if (byte < 128) {
        const value = (high | 0) * 2 ** 32 + (low >>> 0)
        if (!Number.isSafeInteger(value)) throw this.fault('a whole number is beyond 2^53')
        return value
      }
    }
    throw this.fault('a whole number has no end')
  }

  private need(wire: number): void {
    if (this.wire !== wire) throw this.fault(`field ${this.field} is of another type`)
  }

  private fault(found: string): ProtobufFault {
    return new ProtobufFault(`${found} (byte ${this.at})`)
  }
}

/** Numbers that come one by one. */
export class NumberList {
  private room = new Float64Array(8)
  length = 0

  push(value: number): void {
    if (this.length === this.room.length) {
      if (this.length >= mostNumbers) throw new ProtobufFault(`a list has more than ${mostNumbers} numbers`)
      const larger = new Float64Array(2 * this.length)
      larger.set(this.room)
      this.room = larger
    }
    this.room[this.length++] = value
  }

  values(): Float64Array {
    return this.room.subarray(0, this.length)
  }
}
