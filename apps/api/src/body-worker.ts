// The thread that reads large request bodies: a program of its own because a thread is started from a file.
import { runBodyWorker } from '@kubernest/apiserver/codec';
import { definitionsOf } from '@kubernest/apiserver/extensions';
import { bodyTypes, builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';

runBodyWorker({ kinds: builtinKinds, bodies: bodyTypes }, (data) => definitionsOf(data as CustomResourceDefinition));
