import { facts } from '@kubernest/definitions';

/** Wire facts, one line a type; the form is described at `facts`. */
export const apiextensionsFacts = facts(
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  `
CustomResourceColumnDefinition description=4 format=3 jsonPath=6+ name=1+ priority=5:int32 type=2+
CustomResourceConversion strategy=1'ConversionStrategyType+ webhook=2
CustomResourceDefinition metadata=1+ spec=2+ status=3+
CustomResourceDefinitionCondition lastTransitionTime=3+ message=5 observedGeneration=6:int64 reason=4
  status=2'ConditionStatus+ type=1'CustomResourceDefinitionConditionType+
CustomResourceDefinitionNames categories=6 listKind=5 plural=1+ shortNames=3 singular=2 kind=4+
CustomResourceDefinitionSpec conversion=9 group=1+ names=3+ preserveUnknownFields=10 scope=4'ResourceScope+
  versions=7+
CustomResourceDefinitionStatus acceptedNames=2+ conditions=1+@map(type) observedGeneration=4:int64 storedVersions=3+
CustomResourceDefinitionVersion additionalPrinterColumns=6 deprecated=7 deprecationWarning=8^ name=1+ schema=4
  selectableFields=9 served=2+ storage=3+ subresources=5
CustomResourceSubresourceScale labelSelectorPath=3^ specReplicasPath=1+ statusReplicasPath=2+
CustomResourceSubresources scale=2 status=1^:empty
CustomResourceValidation openAPIV3Schema=1
ExternalDocumentation description=1 url=2
JSONSchemaProps $ref=3^ $schema=2'JSONSchemaURL additionalItems=33^:schema-or-boolean
  additionalProperties=30^:schema-or-boolean allOf=25 anyOf=27 default=8^:json definitions=34'JSONSchemaDefinitions
  dependencies=32'JSONSchemaDependencies:schema-or-names description=4 enum=20:json example=36^:json
  exclusiveMaximum=10 exclusiveMinimum=12 externalDocs=35 format=6 id=1 items=24^:schema-or-list maxItems=16^:int64
  maxLength=13^:int64 maxProperties=21^:int64 maximum=9^:double minItems=17^:int64 minLength=14^:int64
  minProperties=22^:int64 minimum=11^:double multipleOf=19^:double not=28 nullable=37 oneOf=26 pattern=15
  patternProperties=31 properties=29 required=23 title=7 type=5 uniqueItems=18 x-kubernetes-embedded-resource=39
  x-kubernetes-int-or-string=40 x-kubernetes-list-map-keys=41 x-kubernetes-list-type=42^ x-kubernetes-map-type=43^
  x-kubernetes-preserve-unknown-fields=38^ x-kubernetes-validations=44@map(rule)~merge(rule)
SelectableField jsonPath=1+
ServiceReference name=2+ namespace=1+ path=3^ port=4^:int32
ValidationRule fieldPath=5 message=2 messageExpression=3 optionalOldSelf=6^
  reason=4'FieldValueErrorReason^{FieldValueDuplicate|FieldValueForbidden|FieldValueInvalid|FieldValueRequired}
  rule=1+
WebhookClientConfig caBundle=2:byte service=1 url=3^
WebhookConversion clientConfig=2 conversionReviewVersions=3+
`,
);
