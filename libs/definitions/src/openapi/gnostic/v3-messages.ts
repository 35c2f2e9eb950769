/** The messages of OpenAPI v3's protobuf form (package `openapi.v3`), as far as our documents need them. See `documentOf`. */
export const v3Messages = `
Document openapi=1:text info=2:Info paths=4:Paths components=5:Components
Info title=1:text description=2:text version=6:text
Paths path=1:NamedPathItem*
NamedPathItem name=1:text value=2:PathItem
PathItem get=4:Operation put=5:Operation post=6:Operation delete=7:Operation options=8:Operation head=9:Operation patch=10:Operation
  parameters=13:ParameterOrReference*
Operation tags=1:text* description=3:text operationId=5:text parameters=6:ParameterOrReference* requestBody=7:BodyOrReference responses=8:Responses
  extensions=13:NamedAny*
ParameterOrReference parameter=1:Parameter
Parameter name=1:text in=2:text description=3:text required=4:flag schema=10:SchemaOrReference
BodyOrReference requestBody=1:RequestBody
RequestBody content=2:MediaTypes required=3:flag
Responses responses=2:NamedResponse*
NamedResponse name=1:text value=2:ResponseOrReference
ResponseOrReference response=1:Response
Response description=1:text content=3:MediaTypes
MediaTypes all=1:NamedMediaType*
NamedMediaType name=1:text value=2:MediaType
MediaType schema=1:SchemaOrReference
Components schemas=1:Schemas securitySchemes=7:SecuritySchemes
SecuritySchemes all=1:NamedSecurityScheme*
NamedSecurityScheme name=1:text value=2:SecuritySchemeOrReference
SecuritySchemeOrReference securityScheme=1:SecurityScheme
SecurityScheme type=1:text description=2:text name=3:text in=4:text
Schemas all=1:NamedSchema*
NamedSchema name=1:text value=2:SchemaOrReference
SchemaOrReference schema=1:Schema reference=2:Reference
Reference ref=1:text
Schema nullable=1:flag uniqueItems=20:flag required=23:text* enum=24:Any* type=25:text allOf=26:SchemaOrReference*
  oneOf=27:SchemaOrReference* items=30:Items properties=31:Schemas additionalProperties=32:Additional default=33:Default description=34:text
  format=35:text extensions=36:NamedAny*
Items schema=1:SchemaOrReference*
Additional schema=1:SchemaOrReference
Default number=1:double boolean=2:flag string=3:text
NamedAny name=1:text value=2:Any
Any yaml=2:text
`;
