/** An answer of the queue service, before it is written to a socket. */
export interface SqsAnswer {
  status: number;
  body?: Record<string, unknown>;
  /** `<code of the older query protocol>;<Sender|Receiver>`, sent in `x-amzn-query-error`. */
  queryError?: string;
}

interface ErrorShape {
  status: number;
  type: string;
  queryCode: string;
}

const SQS = "com.amazonaws.sqs#";
const CORAL = "com.amazon.coral.service#";

/** Statuses and codes of the service's published model; those under CORAL are not in it (names ASSUMED). */
const shapes = {
  BatchEntryIdsNotDistinct: {
    status: 400,
    type: `${SQS}BatchEntryIdsNotDistinct`,
    queryCode: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  },
  BatchRequestTooLong: {
    status: 400,
    type: `${SQS}BatchRequestTooLong`,
    queryCode: "AWS.SimpleQueueService.BatchRequestTooLong",
  },
  EmptyBatchRequest: {
    status: 400,
    type: `${SQS}EmptyBatchRequest`,
    queryCode: "AWS.SimpleQueueService.EmptyBatchRequest",
  },
  InvalidBatchEntryId: {
    status: 400,
    type: `${SQS}InvalidBatchEntryId`,
    queryCode: "AWS.SimpleQueueService.InvalidBatchEntryId",
  },
  TooManyEntriesInBatchRequest: {
    status: 400,
    type: `${SQS}TooManyEntriesInBatchRequest`,
    queryCode: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  },
  InvalidAttributeName: {
    status: 400,
    type: `${SQS}InvalidAttributeName`,
    queryCode: "InvalidAttributeName",
  },
  InvalidAttributeValue: {
    status: 400,
    type: `${SQS}InvalidAttributeValue`,
    queryCode: "InvalidAttributeValue",
  },
  InvalidMessageContents: {
    status: 400,
    type: `${SQS}InvalidMessageContents`,
    queryCode: "InvalidMessageContents",
  },
  MessageNotInflight: {
    status: 400,
    type: `${SQS}MessageNotInflight`,
    queryCode: "AWS.SimpleQueueService.MessageNotInflight",
  },
  OverLimit: { status: 403, type: `${SQS}OverLimit`, queryCode: "OverLimit" },
  QueueDoesNotExist: {
    status: 400,
    type: `${SQS}QueueDoesNotExist`,
    queryCode: "AWS.SimpleQueueService.NonExistentQueue",
  },
  QueueNameExists: { status: 400, type: `${SQS}QueueNameExists`, queryCode: "QueueAlreadyExists" },
  ReceiptHandleIsInvalid: {
    status: 404,
    type: `${SQS}ReceiptHandleIsInvalid`,
    queryCode: "ReceiptHandleIsInvalid",
  },
  RequestThrottled: { status: 403, type: `${SQS}RequestThrottled`, queryCode: "RequestThrottled" },
  UnsupportedOperation: {
    status: 400,
    type: `${SQS}UnsupportedOperation`,
    queryCode: "AWS.SimpleQueueService.UnsupportedOperation",
  },
  MissingParameter: {
    status: 400,
    type: `${CORAL}MissingRequiredParameterException`,
    queryCode: "MissingParameter",
  },
  InvalidParameterValue: {
    status: 400,
    type: `${CORAL}InvalidParameterValueException`,
    queryCode: "InvalidParameterValue",
  },
  Serialization: {
    status: 400,
    type: `${CORAL}SerializationException`,
    queryCode: "SerializationException",
  },
  UnknownOperation: {
    status: 400,
    type: `${CORAL}UnknownOperationException`,
    queryCode: "UnknownOperationException",
  },
  MissingAuthenticationToken: {
    status: 403,
    type: `${CORAL}MissingAuthenticationTokenException`,
    queryCode: "MissingAuthenticationToken",
  },
  IncompleteSignature: {
    status: 400,
    type: `${CORAL}IncompleteSignatureException`,
    queryCode: "IncompleteSignature",
  },
  UnrecognizedClient: {
    status: 403,
    type: `${CORAL}UnrecognizedClientException`,
    queryCode: "InvalidClientTokenId",
  },
  InvalidSignature: {
    status: 403,
    type: `${CORAL}InvalidSignatureException`,
    queryCode: "SignatureDoesNotMatch",
  },
  InternalError: { status: 500, type: `${CORAL}InternalFailureException`, queryCode: "InternalFailure" },
  ServiceUnavailable: {
    status: 503,
    type: `${CORAL}ServiceUnavailableException`,
    queryCode: "ServiceUnavailable",
  },
} satisfies Record<string, ErrorShape>;

export type SqsErrorName = keyof typeof shapes;

/** A refusal: what went wrong, before it is known whether it stands alone or in a batch. */
export interface SqsFailure {
  error: SqsErrorName;
  message: string;
}

/** The two failures that most checks end in. */
export const missingParameter = (name: string): SqsFailure => ({
  error: "MissingParameter",
  message: `The request must contain the parameter ${name}.`,
});
export const invalidParameter = (name: string, value: unknown, reason: string): SqsFailure => ({
  error: "InvalidParameterValue",
  message: `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`,
});

export function isFailure(value: object): value is SqsFailure {
  return "error" in value;
}

/** The whole answer for a refused call. */
export function failureAnswer({ error, message }: SqsFailure): SqsAnswer {
  const { status, type, queryCode } = shapes[error];
  const fault = status >= 500 ? "Receiver" : "Sender";
  return { status, body: { __type: type, message }, queryError: `${queryCode};${fault}` };
}

/** A refused entry of a batch. */
export function failedEntry(id: string, { error, message }: SqsFailure): Record<string, unknown> {
  return {
    Id: id,
    SenderFault: shapes[error].status < 500,
    Code: shapes[error].queryCode,
    Message: message,
  };
}
