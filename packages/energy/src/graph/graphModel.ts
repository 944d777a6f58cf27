/** A node of a TensorFlow.js graph model, as in `modelTopology.node` of its `model.json`. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, GraphAttribute>>;
}

/** Value of an attribute; protocol buffers write integers as text. */
export interface GraphAttribute {
  readonly type?: string;
  readonly b?: boolean;
  readonly i?: string | number;
  readonly shape?: { readonly dim?: readonly { readonly size: string | number }[] };
}

/** A constant of a graph with its numbers. */
export interface GraphConstant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A graph model in memory: what `model.json` and its shards say. */
export interface GraphModel {
  readonly nodes: readonly GraphNode[];
  /** Constants by the name of their node. */
  readonly constants: ReadonlyMap<string, GraphConstant>;
  /** Names of nodes by the names of the model's outputs. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Shapes of the model's inputs by name; −1 for what is known at run time only. */
  readonly inputs: ReadonlyMap<string, readonly number[]>;
  /** The parsed `model.json` and the bytes of its shards, as loaders of TensorFlow.js take them. */
  readonly artifacts: { readonly json: ModelJson; readonly weights: ArrayBuffer };
}

/** The parts of `model.json` that are read here. */
export interface ModelJson {
  readonly format?: string;
  readonly signature?: { readonly inputs?: Readonly<Record<string, TensorInfo>>; readonly outputs?: Readonly<Record<string, TensorInfo>> };
  readonly modelTopology: { readonly node: readonly GraphNode[] };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightSpec[] }[];
}

interface TensorInfo {
  readonly name: string;
  readonly dtype?: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size: string | number }[] };
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Numbers for an input of a graph. */
export interface GraphInput {
  /** May be longer than the shape says; what follows is not read. */
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** Something that evaluates a graph model. */
export interface GraphExecutor {
  /** For messages and records, such as `wasm`. */
  readonly backend: string;
  /** Whether inputs may have no rows. */
  readonly takesEmpty?: boolean;
  /** Outputs by name, each a fresh array. */
  run(inputs: Readonly<Record<string, GraphInput>>): Promise<Readonly<Record<string, Float32Array>>>;
  /** Free the memory it holds. */
  dispose(): void;
}
