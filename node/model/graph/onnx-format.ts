import { create, createFileRegistry, fromBinary, toBinary, type MessageInitShape, type DescMessage } from '@bufbuild/protobuf'
import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'

/** What of ONNX is written here, by message. A field: number and type; the type in brackets repeats. Source: onnx/onnx:onnx/onnx.proto3. */
const messages = {
  ModelProto: { irVersion: [1, 'int64'], producerName: [2, 'string'], producerVersion: [3, 'string'], graph: [7, 'GraphProto'], opsetImport: [8, ['OperatorSetIdProto']] },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  GraphProto: { node: [1, ['NodeProto']], name: [2, 'string'], initializer: [5, ['TensorProto']], input: [11, ['ValueInfoProto']], output: [12, ['ValueInfoProto']] },
  NodeProto: { input: [1, ['string']], output: [2, ['string']], name: [3, 'string'], opType: [4, 'string'], attribute: [5, ['AttributeProto']], domain: [7, 'string'] },
  AttributeProto: { name: [1, 'string'], f: [2, 'float'], i: [3, 'int64'], s: [4, 'bytes'], floats: [7, ['float']], ints: [8, ['int64']], type: [20, 'int32'] },
  TensorProto: { dims: [1, ['int64']], dataType: [2, 'int32'], name: [8, 'string'], rawData: [9, 'bytes'], externalData: [13, ['StringStringEntryProto']], dataLocation: [14, 'int32'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensorType: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elemType: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, ['DimensionProto']] },
  DimensionProto: { dimValue: [1, 'int64'], dimParam: [2, 'string'] }
} as const

type Messages = typeof messages
type Scalars = { int64: bigint; int32: number; float: number; string: string; bytes: Uint8Array }
type ValueOf<T> = T extends keyof Scalars ? Scalars[T] : T extends keyof Messages ? Onnx<T> : T extends readonly [infer Each] ? readonly ValueOf<Each>[] : never
/** A message as it is put together; what is left out has its default. */
export type Onnx<Name extends keyof Messages> = { readonly [Field in keyof Messages[Name]]?: Messages[Name][Field] extends readonly [number, infer T] ? ValueOf<T> : never }

type Fields = Readonly<Record<string, readonly [number, string | readonly [string]]>>
const scalarTypes: Record<keyof Scalars, Type> = { int64: Type.INT64, int32: Type.INT32, float: Type.FLOAT, string: Type.STRING, bytes: Type.BYTES }

const registry = createFileRegistry(create(FileDescriptorSetSchema, {
  file: [{
    name: 'onnx.proto', package: 'onnx', syntax: 'proto3',
    messageType: Object.entries<Fields>(messages).map(([name, fields]) => ({ name, field: Object.entries(fields).map(([field, [number, type]]) => fieldOf(field, number, type)) }))
  }]
}))

function fieldOf(name: string, number: number, declared: string | readonly [string]): { name: string; number: number; label: Label; type: Type; typeName?: string } {
  const type = typeof declared === 'string' ? declared : declared[0]
  const label = typeof declared === 'string' ? Label.OPTIONAL : Label.REPEATED
  return type in scalarTypes ? { name, number, label, type: scalarTypes[type as keyof Scalars] } : { name, number, label, type: Type.MESSAGE, typeName: `.onnx.${type}` }
}

function schemaOf(name: keyof Messages): DescMessage {
  const schema = registry.getMessage(`onnx.${name}`)
  if (!schema) throw new Error(`the schema of ${name} is missing`)
  return schema
}

/** The bytes of a model file. */
export function encodeModel(model: Onnx<'ModelProto'>): Uint8Array {
  return toBinary(schemaOf('ModelProto'), create(schemaOf('ModelProto'), model as MessageInitShape<DescMessage>))
}

/** A model file, with what is not written here along. @throws Error: these are not the bytes of a model */
export function decodeModel(bytes: Uint8Array): Onnx<'ModelProto'> {
  return fromBinary(schemaOf('ModelProto'), bytes) as Onnx<'ModelProto'>
}

/** Where a tensor lies outside of the model: `external_data` of TensorProto, "location", "offset", "length". */
export type Place = ReadonlyMap<string, string>

/** The bytes of a model file with other places of what lies outside of it; all else is as it was. @throws Error: these are not the bytes of a model */
export function withPlaces(bytes: Uint8Array, placed: (place: Place) => Place): Uint8Array {
  const model = decodeModel(bytes)
  const entry = schemaOf('StringStringEntryProto')
  for (const tensor of model.graph?.initializer ?? []) {
    const place = new Map((tensor.externalData ?? []).map(({ key = '', value = '' }) => [key, value]))
    if (place.size === 0) continue
    Object.assign(tensor, { externalData: [...placed(place)].map(([key, value]) => create(entry, { key, value } as MessageInitShape<DescMessage>)) })
  }
  return encodeModel(model)
}
