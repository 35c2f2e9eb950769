import type { ServiceRules } from '@kubernest/proxy/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlainRule, ruleOf, rulesOf } from '../../contract/src/rules.fixture.ts';
import { restoreScript } from './diff.ts';
import { chainNames } from './names.ts';
import { renderTables } from './render.ts';
import { noTables, type Tables, tableNames } from './tables.ts';

const names = chainNames('KN');
const port = ruleOf;
const rules = (...ports: readonly PlainRule[]): ServiceRules => rulesOf(ports);
const render = (...ports: readonly PlainRule[]): Tables => renderTables(rules(...ports), names);
const chainsLike = (tables: Tables, part: string): string[][] =>
  [...tables.nat.chains].filter(([name]) => name.includes(part)).map(([, lines]) => [...lines]);

describe('rendering', () => {
  it('spreads evenly: each rule takes its share of what the ones before left', () => {
    const endpoints = [2, 3, 4].map((n) => ({ ip: `10.244.0.${n}`, port: 8080, local: true }));
    const [chain] = chainsLike(render(port({ clusterEndpoints: endpoints })), '-SVC-');
    const shares = chain!.slice(1).map((line) => /--probability (\S+)/.exec(line)?.[1] ?? 'rest');
    expect(shares).toEqual(['0.3333333333', '0.5000000000', 'rest']);
  });

  it('masquerades what comes from outside the pods, and a pod that reaches itself', () => {
    const tables = render(port());
    expect(chainsLike(tables, '-SVC-')[0]![0]).toContain('! -s 10.244.0.0/16');
    expect(chainsLike(tables, '-SEP-')[0]![0]).toBe('-s 10.244.0.2/32 -j KN-MARK-MASQ');
  });

  it('refuses at once what has no endpoints', () => {
    const tables = render(port({ clusterEndpoints: [], externalEndpoints: [], nodePort: 30080 }));
    expect(tables.nat.chains.get('KN-SERVICES')).toEqual([]);
    expect(tables.filter.chains.get('KN-REJECT')).toHaveLength(2);
    expect(tables.filter.chains.get('KN-REJECT')!.every((line) => line.endsWith('-j REJECT'))).toBe(true);
  });

  it('drops rather than refuses what would be answered on another node', () => {
    const nowhere = { clusterEndpoints: [], externalEndpoints: [], nodePort: 30080, answeredElsewhere: true };
    const tables = render(port({ ...nowhere, externalPolicyLocal: true }));
    expect(tables.filter.chains.get('KN-REJECT')!.map((line) => line.split(' ').at(-1))).toEqual(['DROP', 'DROP']);
  });

  it('lets to a load balancer’s address only whom it is told to', () => {
    const loadBalancerSourceRanges = ['192.0.2.0/24', '198.51.100.0/24'];
    const tables = render(port({ loadBalancerIPs: ['203.0.113.1'], loadBalancerSourceRanges }));
    const toIt = (lines: readonly string[]): string[] => lines.filter((line) => line.includes('203.0.113.1/32'));
    expect(toIt(tables.nat.chains.get('KN-SERVICES')!).map((line) => line.split(' -d')[0])).toEqual(
      loadBalancerSourceRanges.map((range) => `-s ${range}`),
    );
    expect(toIt(tables.filter.chains.get('KN-REJECT')!)).toEqual([expect.stringMatching(/-j DROP$/)]);
  });

  it('refuses, after all else, a cluster address and a port of one that no Service has', () => {
    const { chains, jumps } = render(port()).filter;
    expect(chains.get('KN-UNSERVED')).toEqual(['-d 10.96.0.0/16 -j REJECT']);
    for (const from of ['FORWARD', 'OUTPUT']) {
      const entered = jumps.get(from)!.map((line) => line.split(' ').at(-1));
      expect(entered.indexOf('KN-UNSERVED')).toBe(entered.indexOf('KN-REJECT') + 1);
    }
    const unknown = renderTables({ ...rules(port()), serviceCidr: undefined }, names);
    expect(unknown.filter.chains.get('KN-UNSERVED')).toEqual([]);
  });

  it('keeps a client at its endpoint where asked', () => {
    const [chain] = chainsLike(render(port({ affinitySeconds: 60 })), '-SVC-');
    expect(chain!.some((line) => line.includes('--rcheck --seconds 60'))).toBe(true);
  });

  it('names chains within the limit of iptables, differently for each port and protocol', () => {
    const long = chainNames('KN50');
    const chain = long.port('cluster', 'some-very-long-namespace/some-very-long-service:name', 'tcp');
    expect(chain.length).toBeLessThanOrEqual(28);
    expect(long.port('cluster', 'a/b', 'tcp')).not.toBe(long.port('cluster', 'a/b', 'udp'));
  });
});

describe('the difference', () => {
  it('is empty when nothing changed', () => {
    expect(restoreScript(render(port()), render(port()))).toEqual({ text: '', lines: 0 });
  });

  it('touches only the chains of the Service that changed', () => {
    const others = Array.from({ length: 20 }, (_, i) => port({ id: `default/s${i}`, clusterIP: `10.96.1.${i}` }));
    const more = port({
      clusterEndpoints: [...port().clusterEndpoints, { ip: '10.244.0.3', port: 8080, local: true }],
    });
    const { text } = restoreScript(render(port(), ...others), render(more, ...others));
    expect(text).not.toContain('10.96.1.');
    expect(text.split('\n').filter((line) => line.startsWith(':'))).toHaveLength(2);
  });

  it('adds one Service to many with a handful of lines', () => {
    const others = Array.from({ length: 100 }, (_, i) => port({ id: `default/s${i}`, clusterIP: `10.96.1.${i}` }));
    expect(restoreScript(render(...others), render(...others, port())).lines).toBeLessThan(12);
  });

  it('from anything to anything leaves exactly what is wanted', () => {
    const anyPort = fc.record({
      id: fc.constantFrom('a/a', 'a/b', 'b/a'),
      node: fc.boolean(),
      ends: fc.uniqueArray(fc.integer({ min: 1, max: 5 })),
      sticky: fc.boolean(),
    });
    const anyTables = fc.uniqueArray(anyPort, { selector: (p) => p.id }).map((ports) =>
      render(
        ...ports.map((p, i) => {
          const endpoints = p.ends.map((n) => ({ ip: `10.244.0.${n}`, port: 80, local: true }));
          return port({
            id: p.id,
            clusterIP: `10.96.0.${i + 1}`,
            nodePort: p.node ? 30000 + i : undefined,
            affinitySeconds: p.sticky ? 5 : undefined,
            clusterEndpoints: endpoints,
            externalEndpoints: endpoints,
          });
        }),
      ),
    );
    fc.assert(
      fc.property(anyTables, anyTables, (have, want) => {
        expect(sorted(applyScript(have, restoreScript(have, want).text))).toEqual(sorted(want));
      }),
    );
  });

  it('to nothing leaves nothing', () => {
    const left = applyScript(render(port()), restoreScript(render(port()), noTables).text);
    expect(sorted(left)).toEqual(sorted(noTables));
  });
});

/** A slow, plain model of iptables-restore --noflush. */
function applyScript(have: Tables, text: string): Tables {
  const tables = Object.fromEntries(
    tableNames.map((t) => [t, { chains: copy(have[t].chains), jumps: copy(have[t].jumps) }]),
  ) as Record<string, { chains: Map<string, string[]>; jumps: Map<string, string[]> }>;
  let table = tables['nat']!;
  for (const line of text.split('\n')) {
    const [verb, chain = '', ...rest] = line.split(' ');
    const rule = rest.join(' ');
    const lines = (): string[] =>
      table.chains.get(chain) ?? table.jumps.get(chain) ?? table.jumps.set(chain, []).get(chain)!;
    if (line.startsWith('*')) table = tables[line.slice(1)]!;
    else if (line.startsWith(':')) table.chains.set(verb!.slice(1), []);
    else if (verb === '-A') lines().push(rule);
    else if (verb === '-I') lines().unshift(rule.slice(2));
    else if (verb === '-D') {
      const index = lines().indexOf(rule);
      if (index < 0) throw new Error(`no such rule: ${line}`);
      lines().splice(index, 1);
    } else if (verb === '-X') {
      if (lines().length > 0) throw new Error(`chain not empty: ${line}`);
      table.chains.delete(chain);
    }
  }
  return tables as unknown as Tables;
}
const copy = (map: ReadonlyMap<string, readonly string[]>): Map<string, string[]> =>
  new Map([...map].map(([k, v]) => [k, [...v]]));
const orderless = /-(SERVICES|NODEPORTS|REJECT)$/;
const sorted = (tables: Tables): unknown =>
  tableNames.map((t) => [
    [...tables[t].chains].map(([k, v]) => [k, orderless.test(k) ? [...v].sort() : [...v]]).sort(),
    [...tables[t].jumps]
      .filter(([, v]) => v.length > 0)
      .map(([k, v]) => [k, [...v]])
      .sort(),
  ]);
