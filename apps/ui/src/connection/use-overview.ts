import type { OverviewDelta } from '@kubernest/live';
import { useEffect, useState } from 'react';
import { io } from 'socket.io-client';
import { applyDelta, emptyOverview, type OverviewView } from './apply-delta.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'refused';

export interface LiveOverview {
  readonly view: OverviewView;
  readonly connection: Connection;
  readonly user: string;
}

interface Session {
  readonly user: string;
  readonly pass: string;
}

/** Works at any path: behind `kubectl proxy` or straight at the API server. */
const address = (path: string): URL => new URL(path, document.baseURI);

async function openSession(): Promise<Session | 'refused' | undefined> {
  try {
    const answer = await fetch(address('session'), { cache: 'no-store' });
    if (answer.status === 401) return 'refused';
    return answer.ok ? ((await answer.json()) as Session) : undefined;
  } catch {
    return undefined;
  }
}

/** The overview of one namespace, or of all with '', kept up to date for as long as it is shown. */
export function useOverview(namespace: string): LiveOverview {
  const [view, setView] = useState(emptyOverview);
  const [connection, setConnection] = useState<Connection>('connecting');
  const [user, setUser] = useState('');
  useEffect(() => {
    setView(emptyOverview);
    const socket = io(address('.').origin, {
      path: address('socket.io/').pathname,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3_000,
      auth: (give) => {
        void openSession().then((session) => {
          if (session === 'refused') setConnection('refused');
          else if (session) setUser(session.user);
          give({ pass: typeof session === 'object' ? session.pass : '' });
        });
      },
    });
    let retry: ReturnType<typeof setTimeout> | undefined;
    socket.on('connect', () => {
      setConnection('live');
      socket.emit('overview', namespace === '' ? {} : { namespace });
    });
    socket.on('overview', (delta: OverviewDelta) => setView((before) => applyDelta(before, delta)));
    const lost = (): void => setConnection((before) => (before === 'refused' ? before : 'lost'));
    socket.on('disconnect', (reason) => {
      lost();
      // The library does not come back by itself when the server hung up.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', () => {
      lost();
      if (!socket.active) retry = setTimeout(() => socket.connect(), 2_000);
    });
    return () => {
      clearTimeout(retry);
      socket.disconnect();
    };
  }, [namespace]);
  return { view, connection, user };
}
