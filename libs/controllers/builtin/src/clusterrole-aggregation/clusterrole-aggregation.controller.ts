import type { Controller } from '@kubernest/controllers/engine';
import type { ClusterRole } from '@kubernest/kinds';
import { deepEqual, keyOf } from '@kubernest/meta';
import { refs } from '../shared/refs.ts';
import { planAggregation } from './clusterrole-aggregation.plan.ts';

export const clusterroleAggregation: Controller = {
  name: 'clusterrole-aggregation',
  serviceAccount: 'clusterrole-aggregation-controller',
  reconciles: refs.clusterRoles,
  watches: [
    {
      ref: refs.clusterRoles,
      keys: (_, informers) =>
        informers
          .of<ClusterRole>(refs.clusterRoles)
          .list()
          .filter((role) => role.aggregationRule)
          .map(keyOf),
    },
  ],
  // It writes rules that it does not hold itself: `escalate` is the leave to do so.
  writes: [{ group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verbs: ['escalate', 'update'] }],
  async reconcile(key, ctx) {
    const informer = ctx.informers.of<ClusterRole>(refs.clusterRoles);
    const role = informer.get(key);
    const rules = role && planAggregation(role, informer.list());
    if (role && rules && !deepEqual(rules, role.rules ?? []))
      await ctx.client.resource<ClusterRole>(refs.clusterRoles).update({ ...role, rules }, {}, ctx);
    return 'done';
  },
};
