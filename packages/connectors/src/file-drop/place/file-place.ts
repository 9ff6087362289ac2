import type { Outcome } from "../../contract/outcome.ts";

/** A file as its place lists it. */
export interface PlacedFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: number;
}

/** Where a keeper and we leave files for each other: a folder of the machine, or of an SFTP server. Paths are relative to it. */
export interface FilePlace {
  /** The files in the place itself, without its folders. */
  list(): Promise<readonly PlacedFile[]>;
  read(path: string): Promise<Uint8Array>;
  has(path: string): Promise<boolean>;
  /** Writes it under another name first, so that nobody ever sees half of it; makes the folder where it is missing. */
  write(path: string, text: string): Promise<void>;
  /** Makes the folder where it is missing. Fails where something of the new name is there. */
  move(from: string, to: string): Promise<void>;
  /** Whether it was there. */
  remove(path: string): Promise<boolean>;
}

/** Opens the place, and closes it when `use` has ended; a place that cannot be used is an error that says how to mend it. */
export type OpenPlace = <Value>(use: (place: FilePlace) => Promise<Value>) => Promise<Outcome<Value>>;
