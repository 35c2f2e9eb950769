import type { Store } from '@kubernest/store/contract';

/** `store`, with some of its methods behaving otherwise. */
export function storeWith(store: Store, instead: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = name in instead ? instead[name as keyof Store] : target[name as keyof Store];
      // Private members know only their own object.
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
