import { type EndpointRule, mustBeSound, type ServicePortRule, type ServiceRules } from '@kubernest/proxy/contract';
import { commentOf } from './comment.ts';
import type { ChainNames } from './names.ts';

import type { Tables } from './tables.ts';

/** Packets with this mark are masqueraded on their way out. */
const mark = '0x4000/0x4000';

interface Draft {
  readonly nat: Map<string, string[]>;
  readonly services: string[];
  readonly nodePorts: string[];
  readonly reject: string[];
}

/** Pure: what the kernel's tables should hold for these rules; throws `RulesRefused` where a value is not what its type says. Order of Services never matters, so that one change is one change. */
export function renderTables(rules: ServiceRules, names: ChainNames): Tables {
  mustBeSound(rules);
  const draft: Draft = { nat: new Map(), services: [], nodePorts: [], reject: [] };
  for (const port of rules.ports) renderPort(port, rules, names, draft);
  const nat = new Map<string, readonly string[]>([
    [names.markMasquerade, [`-j MARK --or-mark 0x4000`]],
    [
      names.postrouting,
      [`-m mark ! --mark ${mark} -j RETURN`, `-j MARK --xor-mark 0x4000`, `-j MASQUERADE --random-fully`],
    ],
    [names.services, draft.services],
    [names.nodePorts, draft.nodePorts],
    ...draft.nat,
  ]);
  const toServices = [`-j ${names.services}`, `-m addrtype --dst-type LOCAL -j ${names.nodePorts}`];
  const filter = new Map<string, readonly string[]>([
    [names.reject, draft.reject],
    // What still has a cluster address after nat is nobody's: refused here, it neither leaves the machine nor waits for an answer.
    [names.unserved, rules.serviceCidr ? [`-d ${rules.serviceCidr} -j REJECT`] : []],
    [
      names.forward,
      [
        `-m mark --mark ${mark} -j ACCEPT`,
        `-m mark --mark ${mark} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      ],
    ],
    // Loopback node ports need route_localnet on the pod bridge; this closes what that would open to neighbours.
    [names.firewall, [`! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`]],
  ]);
  const toReject = `-m conntrack --ctstate NEW -j ${names.reject}`;
  const toUnserved = `-m conntrack --ctstate NEW -j ${names.unserved}`;
  return {
    nat: {
      chains: nat,
      jumps: new Map([
        ['PREROUTING', toServices],
        ['OUTPUT', toServices],
        ['POSTROUTING', [`-j ${names.postrouting}`]],
      ]),
    },
    filter: {
      chains: filter,
      jumps: new Map([
        ['INPUT', [`-j ${names.firewall}`, toReject]],
        ['FORWARD', [toReject, toUnserved, `-j ${names.forward}`]],
        ['OUTPUT', [toReject, toUnserved]],
      ]),
    },
  };
}

function renderPort(port: ServicePortRule, rules: ServiceRules, names: ChainNames, draft: Draft): void {
  const protocol = port.protocol.toLowerCase();
  const comment = `-m comment --comment "${commentOf(port.id)}"`;
  const at = (address: string): string =>
    `-d ${address}/32 -p ${protocol} ${comment} -m ${protocol} --dport ${port.port}`;
  const cluster = names.port('cluster', port.id, protocol);
  const outside = outsideOf(port);
  const verdict = port.answeredElsewhere ? 'DROP' : 'REJECT';

  if (port.clusterEndpoints.length > 0) {
    if (port.clusterIP) draft.services.push(`${at(port.clusterIP)} -j ${cluster}`);
    const fromOutside =
      port.clusterIP && rules.clusterCidr
        ? [`! -s ${rules.clusterCidr} ${at(port.clusterIP)} -j ${names.markMasquerade}`]
        : [];
    renderSpread(cluster, fromOutside, port, port.clusterEndpoints, names, draft);
  } else if (port.clusterIP) draft.reject.push(`${at(port.clusterIP)} -j ${verdict}`);

  const reachable = outside.length > 0 || port.nodePort !== undefined;
  if (!reachable) return;
  const nodePort = `-p ${protocol} ${comment} -m ${protocol} --dport ${port.nodePort}`;
  if (port.externalEndpoints.length === 0) {
    for (const { address } of outside) draft.reject.push(`${at(address)} -j ${verdict}`);
    if (port.nodePort !== undefined)
      draft.reject.push(`${nodePort.replace('-m comment', '-m addrtype --dst-type LOCAL -m comment')} -j ${verdict}`);
    return;
  }
  const external = names.port('external', port.id, protocol);
  for (const { address, sources } of outside) {
    if (sources.length === 0) draft.services.push(`${at(address)} -j ${external}`);
    for (const source of sources) draft.services.push(`-s ${source} ${at(address)} -j ${external}`);
    // Who was let in has another destination by now.
    if (sources.length > 0) draft.reject.push(`${at(address)} -j DROP`);
  }
  if (port.nodePort !== undefined) draft.nodePorts.push(`${nodePort} -j ${external}`);
  draft.nat.set(external, externalRules(port, rules, names, draft));
}

interface Outside {
  readonly address: string;
  /** Who may use it; empty: everybody. */
  readonly sources: readonly string[];
}

const outsideOf = (port: ServicePortRule): Outside[] => [
  ...port.externalIPs.map((address) => ({ address, sources: [] })),
  ...port.loadBalancerIPs.map((address) => ({ address, sources: port.loadBalancerSourceRanges })),
];

/** Traffic from outside keeps its source address only when it stays on this node. */
function externalRules(port: ServicePortRule, rules: ServiceRules, names: ChainNames, draft: Draft): string[] {
  const protocol = port.protocol.toLowerCase();
  const cluster = names.port('cluster', port.id, protocol);
  if (!port.externalPolicyLocal) {
    if (port.clusterEndpoints.length === 0) renderSpread(cluster, [], port, port.externalEndpoints, names, draft);
    return [`-j ${names.markMasquerade}`, `-j ${cluster}`];
  }
  const local = names.port('local', port.id, protocol);
  renderSpread(local, [], port, port.externalEndpoints, names, draft);
  const fromHere =
    port.clusterEndpoints.length === 0
      ? []
      : [
          ...(rules.clusterCidr ? [`-s ${rules.clusterCidr} -j ${cluster}`] : []),
          `-m addrtype --src-type LOCAL -j ${names.markMasquerade}`,
          `-m addrtype --src-type LOCAL -j ${cluster}`,
        ];
  return [...fromHere, `-j ${local}`];
}

/** A chain that sends each new connection to one of the endpoints, evenly, or to the one its client had before. */
function renderSpread(
  chain: string,
  first: readonly string[],
  port: ServicePortRule,
  endpoints: readonly EndpointRule[],
  names: ChainNames,
  draft: Draft,
): void {
  const protocol = port.protocol.toLowerCase();
  const chains = endpoints.map((e) => names.endpoint(chain, `${e.ip}:${e.port}`));
  const sticky =
    port.affinitySeconds === undefined
      ? []
      : chains.map((c) => `-m recent --name ${c} --rcheck --seconds ${port.affinitySeconds} --reap --rsource -j ${c}`);
  const spread = chains.map((c, i) => {
    const left = chains.length - i;
    return left === 1 ? `-j ${c}` : `-m statistic --mode random --probability ${(1 / left).toFixed(10)} -j ${c}`;
  });
  draft.nat.set(chain, [...first, ...sticky, ...spread]);
  endpoints.forEach((endpoint, i) => {
    const remember = port.affinitySeconds === undefined ? '' : `-m recent --name ${chains[i]} --set --rsource `;
    draft.nat.set(chains[i]!, [
      `-s ${endpoint.ip}/32 -j ${names.markMasquerade}`,
      `-p ${protocol} ${remember}-m ${protocol} -j DNAT --to-destination ${endpoint.ip}:${endpoint.port}`,
    ]);
  });
}
