import { Alert, AppShell, Container, Group, Text, Title } from '@mantine/core';
import { useOverview } from '../connection/use-overview.ts';
import { Overview } from '../overview/overview.tsx';
import { ConnectionBadge } from './connection-badge.tsx';
import { NamespaceField } from './namespace-field.tsx';
import { useNamespace } from './use-namespace.ts';

export function Shell() {
  const [namespace, setNamespace] = useNamespace();
  const { view, connection, user } = useOverview(namespace);
  return (
    <AppShell header={{ height: 60 }} padding="md">
      <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to content
      </button>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <img src="./icon.svg" alt="" width={28} height={28} />
            <Title order={1} size="h3" visibleFrom="xs">
              Kubernest
            </Title>
          </Group>
          <Group gap="md" wrap="nowrap">
            {user !== '' && (
              <Text size="sm" className="dim" visibleFrom="sm" truncate maw={280}>
                as <strong>{user}</strong>
              </Text>
            )}
            <NamespaceField namespace={namespace} onChoose={setNamespace} />
            <ConnectionBadge connection={connection} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size={1500} p={0}>
          {connection === 'refused' && (
            <Alert color="red" title="You are signed out" mb="md" role="alert">
              Your session has ended. Open a new one-time link, or use <code>kubectl proxy</code> and reload this page.
            </Alert>
          )}
          <Overview view={view} namespace={namespace} stale={connection !== 'live'} />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
