import { asLoamError } from '../../contract/index.ts'
import type { DescribeReply, DescribeRequest } from './describe-file.ts'
import { describeHere } from './describe-here.ts'

// A child that opens strangers' files, so that a decoder that crashes or hangs takes only this process along.
process.on('message', ({ id, path, how }: DescribeRequest) => {
  void describeHere(path, how)
    .then((description): DescribeReply => ({ id, description }))
    .catch((thrown: unknown): DescribeReply => ({ id, fault: asLoamError(thrown).toJSON() }))
    .then((reply) => process.send?.(reply))
})
process.on('disconnect', () => process.exit(0))
