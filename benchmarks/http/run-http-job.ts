import { closedLoop, type Figures } from "../measure/closed-loop.ts";
import { orderIds } from "../workload/order-ids.ts";
import { skuDraw } from "../workload/sku-draw.ts";
import type { HttpJob } from "./http-job.ts";
import { KeepAliveConnection } from "./keep-alive-connection.ts";

/** Posts orders, one keep-alive connection per caller. Throws unless every order was taken. */
export async function runHttpJob(job: HttpJob): Promise<Figures> {
  const { setting, span } = job;
  const connections: KeepAliveConnection[] = [];
  try {
    while (connections.length < setting.callers) connections.push(await KeepAliveConnection.open(job.port));
    const nextRequest = requestMaker(job);
    const call = async (caller: number): Promise<number> => {
      const connection = connections[caller];
      if (connection === undefined) throw new Error(`there is no connection for caller ${caller}`);
      const { status, body } = await connection.send(nextRequest());
      // Looked for in the text: parsing a hundred results would cost the loader more than sending them.
      if (status !== 200 || body.includes('"ok":false')) throw new Error(`answered ${status}: ${body}`);
      return setting.ordersPerCall;
    };
    return await closedLoop({ callers: setting.callers, call }, span);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function requestMaker(job: HttpJob): () => string {
  const { setting, port, path, key } = job;
  const nextSku = skuDraw(setting.spread, job.skus, job.seed);
  const nextId = orderIds(job.orderPrefix);
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: `;
  return () => {
    const now = new Date().toISOString();
    const orders = Array.from({ length: setting.ordersPerCall }, () => orderText(nextId(), nextSku(), now));
    const body = `{"orders":[${orders.join(",")}]}`;
    return `${head}${body.length}\r\n\r\n${body}`;
  };
}

/** As text: ids and codes here need no escaping. */
function orderText(orderId: string, sku: string, now: string): string {
  return `{"channel":"web","orderId":"${orderId}","status":"paid","updatedAt":"${now}","placedAt":"${now}","lines":[{"lineId":"1","sku":"${sku}","quantity":1}]}`;
}
