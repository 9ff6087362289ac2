import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  getOperationAST,
  getVariableValues,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

/** What a page costs when neither `first` nor `last` is given: 100, documented. */
export const DEFAULT_PAGE = 100;

/** A mutation's own price. ASSUMED. */
const MUTATION_PRICE = 10;

/** One top-level field: what it would cost at most, and whether only that was asked. */
export interface PricedField {
  name: string;
  /** The name in the answer. */
  key: string;
  credits: number;
  analyze: boolean;
}

interface Pricing {
  schema: GraphQLSchema;
  document: DocumentNode;
  variables: Record<string, unknown>;
}

function valueOf(node: ValueNode | undefined, variables: Record<string, unknown>): unknown {
  if (node === undefined) return undefined;
  if (node.kind === Kind.VARIABLE) return variables[node.name.value];
  if (node.kind === Kind.INT) return Number(node.value);
  return node.kind === Kind.BOOLEAN ? node.value : undefined;
}

function argumentOf(field: FieldNode, name: string, { variables }: Pricing): unknown {
  return valueOf(field.arguments?.find((argument) => argument.name.value === name)?.value, variables);
}

/** Fields of a selection, those of its fragments included. */
function* fieldsOf(selections: SelectionSetNode, { document }: Pricing): Generator<FieldNode> {
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) yield selection;
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      yield* fieldsOf(selection.selectionSet, { document } as Pricing);
    } else {
      const fragment = document.definitions.find(
        (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
      );
      if (fragment?.kind === Kind.FRAGMENT_DEFINITION) {
        yield* fieldsOf(fragment.selectionSet, { document } as Pricing);
      }
    }
  }
}

function pageSize(field: FieldNode, pricing: Pricing): number {
  const asked = argumentOf(field, "first", pricing) ?? argumentOf(field, "last", pricing);
  return typeof asked === "number" ? Math.max(0, asked) : DEFAULT_PAGE;
}

/** One credit for each row that may come, those of a connection within a connection once per row around it. */
function rowsBelow(field: FieldNode, parent: GraphQLObjectType, pricing: Pricing): number {
  const definition = parent.getFields()[field.name.value];
  if (definition === undefined || field.selectionSet === undefined) return 0;
  const type = getNamedType(definition.type);
  if (!isObjectType(type)) return 0;
  const below = [...fieldsOf(field.selectionSet, pricing)]
    .map((child) => rowsBelow(child, type, pricing))
    .reduce((sum, rows) => sum + rows, 0);
  return type.name.endsWith("Connection") ? pageSize(field, pricing) * (1 + below) : below;
}

function rootOf(schema: GraphQLSchema, operation: OperationDefinitionNode): GraphQLObjectType {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`the schema has no ${operation.operation}`);
  return root;
}

/** Every top-level field with its price. The document must be valid. */
export function priceOf(
  schema: GraphQLSchema,
  request: { document: DocumentNode; variables: Record<string, unknown>; operationName: string | undefined },
): PricedField[] {
  const operation = getOperationAST(request.document, request.operationName);
  if (!operation) return [];
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables);
  const pricing: Pricing = { schema, document: request.document, variables: coerced };
  const base = operation.operation === "mutation" ? MUTATION_PRICE : 1;
  return [...fieldsOf(operation.selectionSet, pricing)].map((field) => ({
    name: field.name.value,
    key: field.alias?.value ?? field.name.value,
    credits: base + rowsBelow(field, rootOf(schema, operation), pricing),
    analyze: argumentOf(field, "analyze", pricing) === true,
  }));
}
