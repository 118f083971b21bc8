import {
  type DocumentNode,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Which fields of each type a document asks for, anywhere in it: the columns of others need not be read. */
export class Selection {
  private readonly fields = new Map<string, Set<string>>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    const typeInfo = new TypeInfo(schema);
    const onField = ({ name }: { name: { value: string } }) => {
      const parent = typeInfo.getParentType();
      if (!parent) return;
      const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
      for (const type of types) this.add(type.name, name.value);
    };
    visit(document, visitWithTypeInfo(typeInfo, { Field: onField }));
  }

  /**
   * Is the property that of a field the document doesn't ask for? `ownerUuid` is that of `owner`; what is of no field is
   * needed inside.
   */
  leavesOut(typeName: string, property: string): boolean {
    const name = property.replace(/Uuid$/, '');
    if (this.fields.get(typeName)?.has(name)) return false;
    const type = this.schema.getType(typeName);
    return isObjectType(type) && name in type.getFields();
  }

  private add(type: string, field: string): void {
    const known = this.fields.get(type);
    if (known) known.add(field);
    else this.fields.set(type, new Set([field]));
  }
}
