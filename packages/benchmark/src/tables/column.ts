/** A value of a table. */
export type CellValue = string | number | boolean | null;

/** A column of a table of rows, as files and databases need it. */
export interface Column<Row> {
  readonly name: string;
  /** `integer` is within 32 bits. */
  readonly type: 'text' | 'integer' | 'real' | 'boolean';
  /** Whether values may be null. */
  readonly nullable: boolean;
  of(row: Row): CellValue;
}
