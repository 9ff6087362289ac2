/** An SQS queue (JSON protocol) of the operator's own AWS account. */
export interface QueueAddress {
  readonly queueUrl: string;
  readonly region: string;
  /** In place of AWS' own, for a queue that speaks the same protocol. */
  readonly endpoint?: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}
