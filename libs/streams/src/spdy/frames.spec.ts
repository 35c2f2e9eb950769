import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  controlFrame,
  dataHead,
  type Frame,
  FrameError,
  FrameReader,
  frameType,
  maxDataBytes,
  words,
} from './frames.ts';
import { decodeHeaders, encodeHeaders, HeaderBlocks, type SpdyHeaders } from './header-block.ts';

const bytes = Buffer.concat([
  controlFrame(frameType.ping, 0, words(7)),
  dataHead(3, false, 5),
  Buffer.from('hello'),
  dataHead(3, true, 0),
]);

/** Pieces of one data frame count as one. */
function summary(frames: readonly Frame[]): unknown {
  const data = frames.filter((frame) => frame.kind === 'data');
  return {
    controls: frames
      .filter((frame) => frame.kind === 'control')
      .map((frame) => [frame.type, frame.payload.toString('hex')]),
    text: Buffer.concat(data.map((frame) => frame.payload)).toString(),
    fins: data.filter((frame) => frame.fin).length,
  };
}

describe('SPDY frames', () => {
  it('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: bytes.length })), (cuts) => {
        const reader = new FrameReader();
        const frames: Frame[] = [];
        let from = 0;
        for (const to of [...new Set([...cuts, bytes.length])].sort((a, b) => a - b)) {
          frames.push(...reader.push(bytes.subarray(from, to)));
          from = to;
        }
        expect(summary(frames)).toEqual({ controls: [[6, '00000007']], text: 'hello', fins: 1 });
      }),
    );
  });

  it.each([
    ['another version', Buffer.from([0x80, 0x02, 0, 6, 0, 0, 0, 4]), /version 2/],
    ['a control frame without end', Buffer.from([0x80, 0x03, 0, 1, 0, 0xff, 0xff, 0xff]), /too large/],
  ])('refuse %s', (_what, input, message) => {
    expect(() => [...new FrameReader().push(input)]).toThrow(message);
  });

  it('hold at most 64 KiB of data each', () => expect(maxDataBytes).toBe(65536));
});

describe('SPDY header blocks', () => {
  it('survive packing, one after the other over the same compressor', async () => {
    const [a, b] = [new HeaderBlocks(), new HeaderBlocks()];
    for (const headers of [{ streamtype: 'stdin' }, { streamtype: 'stdin', port: '80' }, {}] as SpdyHeaders[]) {
      expect({ ...(await b.unpack(await a.pack(headers))) }).toEqual(headers);
    }
    a.close();
    b.close();
  });

  it('are refused when cut short', () => {
    const whole = encodeHeaders({ streamtype: 'error' });
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeHeaders(whole.subarray(0, length))).toThrow(FrameError);
  });

  it('are refused when they unpack to too much', async () => {
    const [a, b] = [new HeaderBlocks(), new HeaderBlocks()];
    await expect(a.pack({ bomb: 'x'.repeat(2_000_000) }).then((block) => b.unpack(block))).rejects.toThrow('too large');
  });
});
