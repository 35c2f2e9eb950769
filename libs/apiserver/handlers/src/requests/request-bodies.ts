import {
  type ApplyTerms,
  type BodyTask,
  bareType,
  decodeBody,
  type FieldValidation,
  isLargeBody,
  type LargeBodies,
} from '@kubernest/apiserver/codec';
import type { Expected, ProtobufCodec, UserInfo } from '@kubernest/apiserver/contract';
import type { Context } from '@kubernest/kit';
import { type KubeObject, promptly } from '@kubernest/meta';
import type { Admitted } from './request-call.ts';
import { fieldValidationOf, writeOptionsOf } from './write-options.ts';

/** What a body is to be. */
export interface Decoding extends Pick<BodyTask, 'anyVersion'> {
  /** See `BodyTask`; not so unless it is said. */
  readonly stored?: boolean;
  readonly expected: Expected;
}

/** A patch as it was sent, and what it is a patch of. */
export interface SentPatch {
  readonly user: UserInfo;
  readonly bytes: Uint8Array;
  readonly definition: Expected;
  readonly fieldValidation: FieldValidation;
  readonly warn: (text: string) => void;
}

/** Makes objects of what requests carry: at once, or on the thread for what is large. */
export class RequestBodies {
  constructor(
    private readonly large: LargeBodies,
    private readonly protobuf: ProtobufCodec | undefined,
  ) {}

  /** The body as what was expected, with warnings gathered for the answer. */
  async decode(
    { request, info, user, warnings }: Admitted,
    { expected, anyVersion, stored = false }: Decoding,
    ctx: Context,
  ): Promise<KubeObject> {
    const contentType = request.headers['content-type'];
    const bytes = await request.body();
    const fieldValidation =
      request.wantsObjects && !request.query.has('fieldValidation')
        ? 'Ignore'
        : fieldValidationOf(writeOptionsOf(request, info), info);
    const warn = (message: string) => warnings.push(message);
    if (isLargeBody(bytes, bareType(contentType)))
      return this.large.object(
        { contentType, bytes, anyVersion, stored, fieldValidation },
        { user, expected, warn },
        ctx,
      );
    const { protobuf } = this;
    return promptly(decodeBody({ contentType, bytes, expected, anyVersion, fieldValidation, warn, protobuf }));
  }

  /** A patch laid over an object, of which one is large. */
  patched(
    patch: NonNullable<BodyTask['patch']>,
    { bytes, definition, user, fieldValidation, warn, apply }: SentPatch & { readonly apply?: ApplyTerms },
    ctx: Context,
  ): Promise<KubeObject> {
    const task = { bytes, patch, stored: true, fieldValidation, ...(apply && { apply }) };
    return this.large.object(task, { user, expected: definition, warn }, ctx);
  }
}
