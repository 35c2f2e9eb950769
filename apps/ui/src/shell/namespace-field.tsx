import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';

interface Props {
  readonly namespace: string;
  readonly onChoose: (namespace: string) => void;
}

/** Text and not a list: who may see one namespace may often not list them. */
export function NamespaceField({ namespace, onChoose }: Props) {
  const [text, setText] = useState(namespace);
  useEffect(() => setText(namespace), [namespace]);
  const valid = text === '' || /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) onChoose(text);
      }}
    >
      <TextInput
        aria-label="Namespace; empty for all"
        placeholder="All namespaces"
        size="sm"
        w={{ base: 120, xs: 190 }}
        value={text}
        error={!valid}
        onChange={(event) => setText(event.currentTarget.value.trim())}
        onBlur={() => valid && onChoose(text)}
      />
    </form>
  );
}
