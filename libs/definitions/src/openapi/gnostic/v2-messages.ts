/** The messages of OpenAPI v2's protobuf form (package `openapi.v2`), as far as our documents need them. See `documentOf`. */
export const v2Messages = `
Document swagger=1:text info=2:Info paths=8:Paths definitions=9:NamedSchemas parameters=10:NamedParameters security=12:Requirement*
  securityDefinitions=13:SecurityDefinitions
Info title=1:text version=2:text
Paths path=2:NamedPathItem*
NamedPathItem name=1:text value=2:PathItem
PathItem get=2:Operation put=3:Operation post=4:Operation delete=5:Operation options=6:Operation head=7:Operation
  patch=8:Operation parameters=9:ParametersItem*
Operation tags=1:text* description=3:text operationId=5:text produces=6:text* consumes=7:text* parameters=8:ParametersItem* responses=9:Responses
  schemes=10:text* extensions=13:NamedAny*
ParametersItem parameter=1:Parameter jsonReference=2:JsonReference
JsonReference ref=1:text
NamedParameters all=1:NamedParameter*
NamedParameter name=1:text value=2:Parameter
Requirement all=1:NamedTexts*
NamedTexts name=1:text value=2:Texts
SecurityDefinitions all=1:NamedSecurity*
NamedSecurity name=1:text value=2:Security
Security apiKeySecurity=2:ApiKey
ApiKey type=1:text name=2:text in=3:text description=4:text
Parameter body=1:BodyParameter nonBody=2:NonBodyParameter
BodyParameter name=2:text in=3:text required=4:flag schema=5:Schema
NonBodyParameter query=3:QueryParameter path=4:PathParameter
QueryParameter required=1:flag in=2:text description=3:text name=4:text type=6:text uniqueItems=20:flag
PathParameter required=1:flag in=2:text description=3:text name=4:text type=5:text uniqueItems=19:flag
Responses code=1:NamedResponse*
NamedResponse name=1:text value=2:ResponseValue
ResponseValue response=1:Response
Response description=1:text schema=2:SchemaItem
SchemaItem schema=1:Schema
Schema ref=1:text format=2:text description=4:text default=5:Any required=19:text* enum=20:Any* additionalProperties=21:Additional
  type=22:Texts items=23:Items properties=25:NamedSchemas extensions=31:NamedAny*
Additional schema=1:Schema
Texts value=1:text*
Items schema=1:Schema*
NamedSchemas all=1:NamedSchema*
NamedSchema name=1:text value=2:Schema
NamedAny name=1:text value=2:Any
Any yaml=2:text
`;
