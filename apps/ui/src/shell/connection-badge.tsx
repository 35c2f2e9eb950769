import { Badge } from '@mantine/core';
import type { Connection } from '../connection/use-overview.ts';

const words: Readonly<Record<Connection, { readonly text: string; readonly color: string }>> = {
  connecting: { text: 'Connecting', color: 'gray' },
  live: { text: 'Live', color: 'teal' },
  lost: { text: 'Connection lost, trying again', color: 'orange' },
  refused: { text: 'Signed out', color: 'red' },
};

export function ConnectionBadge({ connection }: { readonly connection: Connection }) {
  const { text, color } = words[connection];
  return (
    <Badge
      variant="light"
      color={color}
      size="lg"
      tt="none"
      role="status"
      style={{ flexShrink: 0 }}
      aria-label={`Connection: ${text}`}
      leftSection={<span className="pulse" data-live={connection === 'live' || undefined} />}
    >
      {text}
    </Badge>
  );
}
