// The thread that reads large request bodies: a program of its own because a thread is started from a file.
import { runBodyWorker } from '@kubernest/apiserver/engine';
import { builtinKinds } from '@kubernest/kinds';

runBodyWorker(builtinKinds);
