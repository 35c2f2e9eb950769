import { expect } from 'vitest';
import { age, anything, fields, listBy, oneOf, type Project, rooted, text } from './project.ts';

const name = { ...text, minLength: 1, maxLength: 63 };
const credential = {
  ...fields(
    { name, source: oneOf('None', 'Secret'), secretRef: fields({ namespace: text, name: text }, 'namespace', 'name') },
    'name',
    'source',
  ),
  'x-kubernetes-validations': [
    { rule: "self.source != 'Secret' || has(self.secretRef)", message: 'a Secret is named' },
  ],
};
const step = fields(
  {
    step: name,
    functionRef: fields({ name: text }, 'name'),
    input: { ...anything, 'x-kubernetes-embedded-resource': true },
    credentials: listBy(['name'], credential),
    requirements: fields({
      requiredResources: listBy(
        ['requirementName'],
        fields(
          { requirementName: text, kind: text, matchLabels: { type: 'object', additionalProperties: text } },
          'requirementName',
          'kind',
        ),
      ),
    }),
  },
  'step',
  'functionRef',
);
const spec = {
  ...fields(
    {
      compositeTypeRef: {
        ...fields({ apiVersion: text, kind: text }, 'apiVersion', 'kind'),
        'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'it is what it is' }],
      },
      mode: { ...oneOf('Pipeline'), default: 'Pipeline' },
      pipeline: { ...listBy(['step'], step), minItems: 1, maxItems: 99 },
      writeConnectionSecretsToNamespace: text,
    },
    'compositeTypeRef',
  ),
  'x-kubernetes-validations': [{ rule: "self.mode == 'Pipeline' && has(self.pipeline)" }],
};
const input = {
  apiVersion: 'inputs.example.test/v1',
  kind: 'Resources',
  metadata: { name: 'i' },
  resources: [{ name: 'bucket', base: { spec: { deep: null } } }],
};
const pipeline = (more: object) => ({ spec: { pipeline: [{ step: 'a', functionRef: { name: 'f' }, ...more }] } });

/** Compositions: of the cluster, told apart by step, with whole objects as input and rules in CEL at several depths. */
export const compositions: Project = {
  definition: {
    metadata: { name: 'compositions.wholes.example.test' },
    spec: {
      group: 'wholes.example.test',
      scope: 'Cluster',
      names: {
        plural: 'compositions',
        singular: 'composition',
        kind: 'Composition',
        listKind: 'CompositionList',
        shortNames: ['comp'],
        categories: ['wholes'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: rooted(spec, anything, 'spec'),
          subresources: { status: {} },
          selectableFields: [{ jsonPath: '.spec.compositeTypeRef.kind' }, { jsonPath: '.spec.mode' }],
          additionalPrinterColumns: [
            { name: 'XR-KIND', type: 'string', jsonPath: '.spec.compositeTypeRef.kind' },
            { name: 'Steps', type: 'string', jsonPath: '.spec.pipeline[*].step' },
            age,
          ],
        },
      ],
    },
  },
  sent: {
    apiVersion: 'wholes.example.test/v1',
    kind: 'Composition',
    metadata: { name: 'first' },
    spec: {
      compositeTypeRef: { apiVersion: 'shop.example.test/v1', kind: 'XBucket' },
      pipeline: [
        { step: 'make', functionRef: { name: 'f', version: '1' }, input },
        { step: 'check', functionRef: { name: 'g' } },
      ],
    },
  },
  unknown: ['spec.pipeline[0].functionRef.version'],
  read: {
    v1: {
      compositeTypeRef: { apiVersion: 'shop.example.test/v1', kind: 'XBucket' },
      mode: 'Pipeline',
      pipeline: [
        { step: 'make', functionRef: { name: 'f' }, input },
        { step: 'check', functionRef: { name: 'g' } },
      ],
    },
  },
  refused: [
    [{ spec: { pipeline: [] } }, 'spec.pipeline in body should have at least 1 items'],
    [{ spec: { mode: 'Resources' } }, 'spec.mode: Unsupported value: "Resources": supported values: "Pipeline"'],
    [pipeline({ input: { kind: 'K' } }), 'spec.pipeline[0].input.apiVersion: Required value'],
    [
      pipeline({
        credentials: [
          { name: 'c', source: 'None' },
          { name: 'c', source: 'None' },
        ],
      }),
      'spec.pipeline[0].credentials[1]: Duplicate value: {"name":"c"}',
    ],
    [{ spec: { compositeTypeRef: { kind: null } } }, 'spec.compositeTypeRef.kind: Required value'],
  ],
  change: {
    patch: pipeline({ credentials: [{ name: 'c', source: 'Secret' }] }),
    spec: { pipeline: [{ step: 'a', functionRef: { name: 'f' }, credentials: [{ name: 'c', source: 'Secret' }] }] },
  },
  applied: {
    first: { compositeTypeRef: { apiVersion: 'v1', kind: 'A' }, pipeline: [{ step: 'a', functionRef: { name: 'f' } }] },
    second: {
      compositeTypeRef: { apiVersion: 'v1', kind: 'A' },
      pipeline: [{ step: 'b', functionRef: { name: 'g' }, input: { apiVersion: 'v1', kind: 'I', x: 1 } }],
    },
    both: {
      compositeTypeRef: { apiVersion: 'v1', kind: 'A' },
      mode: 'Pipeline',
      pipeline: [
        { step: 'a', functionRef: { name: 'f' } },
        { step: 'b', functionRef: { name: 'g' }, input: { apiVersion: 'v1', kind: 'I', x: 1 } },
      ],
    },
    conflict: {
      compositeTypeRef: { apiVersion: 'v1', kind: 'A' },
      pipeline: [{ step: 'a', functionRef: { name: 'other' } }],
    },
    told: '.spec.pipeline[step="a"].functionRef.name',
  },
  status: { sent: { anything: [{ at: 'all' }] }, kept: { anything: [{ at: 'all' }] }, isApart: true },
  columns: ['Name', 'XR-KIND', 'Steps', 'Age'],
  cells: ['first', 'XBucket', 'a', expect.any(String)],
  selector: 'spec.compositeTypeRef.kind=XBucket,spec.mode=Pipeline',
};
