// The thread that reads large request bodies: a program of its own because a thread is started from a file.
import { runBodyWorker } from '@kubernest/apiserver/codec';
import { definitionsOf } from '@kubernest/apiserver/extensions';
import { builtinKinds, type CustomResourceDefinition } from '@kubernest/kinds';

runBodyWorker(builtinKinds, (data) => definitionsOf(data as CustomResourceDefinition));
