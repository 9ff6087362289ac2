import type { Route } from "./route/route.ts";
import { acceptKeeperLevel } from "./routes/accept-keeper-level/route.ts";
import { acceptKeeperSnapshot } from "./routes/accept-keeper-snapshot/route.ts";
import {
  acceptKeeperInbound,
  keeperInboundCancelled,
  keeperInboundTooLate,
  refuseKeeperInbound,
} from "./routes/answer-keeper-inbound/route.ts";
import {
  acceptKeeperOrder,
  keeperOrderCancelled,
  keeperOrderTooLate,
  refuseKeeperOrder,
} from "./routes/answer-keeper-order/route.ts";
import { authorizeConnection } from "./routes/authorize-connection/route.ts";
import { commitReservation } from "./routes/commit-reservation/route.ts";
import { explainSku } from "./routes/explain-sku/route.ts";
import { fetchKeeperInbounds } from "./routes/fetch-keeper-inbounds/route.ts";
import { fetchKeeperOrders } from "./routes/fetch-keeper-orders/route.ts";
import { getAvailability } from "./routes/get-availability/route.ts";
import { getConnection } from "./routes/get-connection/route.ts";
import { getInbound } from "./routes/get-inbound/route.ts";
import { getListing } from "./routes/get-listing/route.ts";
import { getLocation } from "./routes/get-location/route.ts";
import { getOrder } from "./routes/get-order/route.ts";
import { getReservation } from "./routes/get-reservation/route.ts";
import { getSku } from "./routes/get-sku/route.ts";
import { listAlerts } from "./routes/list-alerts/route.ts";
import { listConnections } from "./routes/list-connections/route.ts";
import { listInbounds } from "./routes/list-inbounds/route.ts";
import { listInbox } from "./routes/list-inbox/route.ts";
import { listKeeperFacts } from "./routes/list-keeper-facts/route.ts";
import { listKeeperLevels } from "./routes/list-keeper-levels/route.ts";
import { listKeeperOrders } from "./routes/list-keeper-orders/route.ts";
import { listKeepers } from "./routes/list-keepers/route.ts";
import { listLatencies } from "./routes/list-latencies/route.ts";
import { listListings } from "./routes/list-listings/route.ts";
import { listLocations } from "./routes/list-locations/route.ts";
import { listMovements } from "./routes/list-movements/route.ts";
import { listOrders } from "./routes/list-orders/route.ts";
import { listSkus } from "./routes/list-skus/route.ts";
import { postKeeperFacts } from "./routes/post-keeper-facts/route.ts";
import { postKeeperFile } from "./routes/post-keeper-file/route.ts";
import { postMovements } from "./routes/post-movements/route.ts";
import { postOrders } from "./routes/post-orders/route.ts";
import { postReservation } from "./routes/post-reservation/route.ts";
import { previewConnection } from "./routes/preview-connection/route.ts";
import { putConnection } from "./routes/put-connection/route.ts";
import { putInbound } from "./routes/put-inbound/route.ts";
import { putListing } from "./routes/put-listing/route.ts";
import { putLocation } from "./routes/put-location/route.ts";
import { putShipTo } from "./routes/put-ship-to/route.ts";
import { putSku } from "./routes/put-sku/route.ts";
import { recountKeeperLevel } from "./routes/recount-keeper-level/route.ts";
import { releaseReservation } from "./routes/release-reservation/route.ts";
import { remapOrder } from "./routes/remap-order/route.ts";
import { replayKeeperFact } from "./routes/replay-keeper-fact/route.ts";
import { retryKeeperOrder } from "./routes/retry-keeper-order/route.ts";

/** Every call of the API, in the order of the documentation. */
export const ROUTES: readonly Route[] = [
  listSkus,
  getAvailability,
  explainSku,
  listLatencies,
  postMovements,
  putInbound,
  getInbound,
  listInbounds,
  postOrders,
  getOrder,
  listOrders,
  remapOrder,
  putShipTo,
  listKeeperOrders,
  retryKeeperOrder,
  postReservation,
  getReservation,
  commitReservation,
  releaseReservation,
  putSku,
  getSku,
  putLocation,
  getLocation,
  listLocations,
  putConnection,
  authorizeConnection,
  getConnection,
  listConnections,
  previewConnection,
  putListing,
  getListing,
  listListings,
  listMovements,
  listAlerts,
  listInbox,
  listKeepers,
  listKeeperLevels,
  acceptKeeperLevel,
  recountKeeperLevel,
  acceptKeeperSnapshot,
  postKeeperFacts,
  postKeeperFile,
  listKeeperFacts,
  replayKeeperFact,
  fetchKeeperOrders,
  acceptKeeperOrder,
  refuseKeeperOrder,
  keeperOrderCancelled,
  keeperOrderTooLate,
  fetchKeeperInbounds,
  acceptKeeperInbound,
  refuseKeeperInbound,
  keeperInboundCancelled,
  keeperInboundTooLate,
];
