import cookie from "@fastify/cookie";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fastifyPlugin from "fastify-plugin";
import type pg from "pg";

import { sendProblem } from "../api/problem.ts";
import type { Log } from "../log/log.ts";
import { isConnectionLost } from "../postgres/sqlstate.ts";
import { isAllowedHost } from "./allowed-host.ts";
import { callerOfKey } from "./api-key-store.ts";
import { callerOfSession, endSession, openSession } from "./browser-session-store.ts";
import { CallerCache } from "./caller-cache.ts";
import { includesRole, type Access, type Caller } from "./caller.ts";
import { isReading, isSameOrigin } from "./same-origin.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";
import { sessionCookieName, sessionCookieOptions } from "./session-cookie.ts";
import { LINK_ENDED_PAGE, SIGN_IN_PAGE, SIGNED_IN_PAGE } from "./sign-in-page.ts";
import { hashOf } from "./token.ts";

export interface AuthenticateOptions {
  readonly pool: pg.Pool;
  readonly clock: { now(): number };
  readonly log: Log;
  /** What ONEPOOL_HOST says. */
  readonly host: string;
  readonly publicUrl: URL | undefined;
  readonly secretKey: string;
}

declare module "fastify" {
  interface FastifyRequest {
    /**
     * Who this request's credential belongs to now: null once it was revoked. For answers that last, such as streams;
     * at most `RECHECK_MS` old. Null on open routes only.
     */
    currentCaller: (() => Promise<Caller | null>) | null;
  }
}

/** What a request shows to say who it is from. */
interface Credential {
  readonly by: "key" | "session";
  readonly hash: Buffer;
}

/** The Fastify plugin that lets nobody through without a key or session (README.md). */
export function authentication(options: AuthenticateOptions) {
  return fastifyPlugin(
    async (app: FastifyInstance) => {
      await app.register(cookie);
      const gate = new Gate(options);
      app.decorateRequest("caller", null);
      app.decorateRequest("currentCaller", null);
      app.addHook("onRequest", (request, reply) => gate.admit(request, reply));
      app.delete("/v1/session", { config: { access: "read" } }, (request, reply) =>
        gate.signOut(request, reply),
      );
    },
    { name: "onepool-authentication" },
  );
}

class Gate {
  private readonly options: AuthenticateOptions;
  private readonly cookieName: string;
  private readonly keys: CallerCache;
  private readonly sessions: CallerCache;

  constructor(options: AuthenticateOptions) {
    const { pool, clock } = options;
    this.options = options;
    this.cookieName = sessionCookieName(options.secretKey);
    this.keys = new CallerCache(
      (hash) => callerOfKey(pool, hash),
      () => clock.now(),
    );
    this.sessions = new CallerCache(
      (hash) => callerOfSession(pool, hash, clock.now()),
      () => clock.now(),
    );
  }

  /** Answers the request itself, or sets its caller and lets it pass. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    reply.headers(SECURITY_HEADERS);
    const access = accessOf(request);
    if (access === "open" && !request.is404) return undefined;
    if (!isAllowedHost(request.headers.host, this.options)) return this.refuseHost(request, reply);
    if (isSignIn(request)) return this.signIn(request, reply);
    const credential = this.credentialOf(request);
    // What is not there is not there for anybody; its handler still learns who asks (the dashboard's pages).
    if (credential === null) return request.is404 ? undefined : this.refuseStranger(request, reply);
    const current = (): Promise<Caller | null> => this.callerOf(credential);
    const caller = await this.lookUp(current);
    if (caller === "unavailable")
      return sendProblem(reply, {
        code: "database_unavailable",
        field: "",
        message: "The database does not answer, so the key cannot be checked.",
        retryAfterSeconds: 1,
      });
    if (caller === null) return request.is404 ? undefined : this.refuseStranger(request, reply);
    request.caller = caller;
    request.currentCaller = current;
    return access === "open" ? undefined : this.checkRights(request, reply, { access, caller, credential });
  }

  /** Ends the browser's session; a key is no session and stays. */
  async signOut(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const credential = this.credentialOf(request);
    if (credential?.by === "session") {
      await endSession(this.options.pool, credential.hash);
      this.sessions.forget(credential.hash);
      reply.clearCookie(this.cookieName, { path: "/" });
    }
    return reply.code(204).send();
  }

  private checkRights(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: {
      readonly access: Exclude<Access, "open">;
      readonly caller: Caller;
      readonly credential: Credential;
    },
  ): FastifyReply | undefined {
    const { access, caller, credential } = asked;
    if (
      credential.by === "session" &&
      !isReading(request.method) &&
      !isSameOrigin(request, this.options.publicUrl)
    )
      return sendProblem(reply, {
        code: "cross_site_request",
        field: "Origin",
        message:
          "A signed-in browser may write from our own pages only: Sec-Fetch-Site or Origin names another place, or none.",
      });
    if (!includesRole(caller.role, access))
      return sendProblem(reply, {
        code: "forbidden_role",
        field: "Authorization",
        message: `This call needs the role ${access}; the key ${caller.keyId} has ${caller.role}.`,
      });
    return undefined;
  }

  private credentialOf(request: FastifyRequest): Credential | null {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
      return key === undefined ? null : { by: "key", hash: hashOf(key) };
    }
    const session = request.cookies[this.cookieName];
    return session === undefined ? null : { by: "session", hash: hashOf(session) };
  }

  private callerOf(credential: Credential): Promise<Caller | null> {
    return (credential.by === "key" ? this.keys : this.sessions).callerOf(credential.hash);
  }

  private async lookUp(ask: () => Promise<Caller | null>): Promise<Caller | null | "unavailable"> {
    try {
      return await ask();
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      this.options.log.warn({ stage: "auth", err: error }, "a key could not be checked");
      return "unavailable";
    }
  }

  private refuseHost(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const host = request.headers.host ?? "";
    this.options.log.warn({ stage: "auth", host: host.slice(0, 200) }, "refused a request for another host");
    return sendProblem(reply, {
      code: "host_not_allowed",
      field: "Host",
      message: `Requests for the host ${JSON.stringify(host)} are not answered: use this machine's address, or set ONEPOOL_PUBLIC_URL to the address you use.`,
    });
  }

  private refuseStranger(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const given = request.headers.authorization !== undefined;
    reply.header(
      "www-authenticate",
      given ? 'Bearer realm="onepool", error="invalid_token"' : 'Bearer realm="onepool"',
    );
    if (!given && wantsPage(request)) return sendPage(reply, 401, SIGN_IN_PAGE);
    return sendProblem(reply, {
      code: "unauthorized",
      field: "Authorization",
      message: given
        ? "The Authorization header carries no valid key: send `Authorization: Bearer <key>` with a key that was not revoked."
        : "There is neither a key nor a session: send `Authorization: Bearer <key>`.",
    });
  }

  private async signIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { pool, clock, publicUrl, log } = this.options;
    const { link } = request.query as { link: string };
    const session = await openSession(pool, link, clock.now());
    if (session !== null) {
      log.info({ stage: "auth" }, "a browser signed in by a one-time link");
      reply.setCookie(this.cookieName, session, sessionCookieOptions(publicUrl, request.headers.host));
      return sendPage(reply, 200, SIGNED_IN_PAGE);
    }
    // The printed link opened a second time in the browser that used it.
    const credential = this.credentialOf(request);
    const signedIn = credential !== null && (await this.callerOf(credential)) !== null;
    return signedIn ? sendPage(reply, 200, SIGNED_IN_PAGE) : sendPage(reply, 401, LINK_ENDED_PAGE);
  }
}

function accessOf(request: FastifyRequest): Access {
  if (request.is404) return "open";
  return request.routeOptions.config.access ?? (isReading(request.method) ? "read" : "operate");
}

/** `/?link=…`, whatever serves `/`. */
function isSignIn(request: FastifyRequest): boolean {
  if (request.method !== "GET" || request.url.split("?", 1)[0] !== "/") return false;
  const { link } = request.query as { link?: unknown };
  return typeof link === "string" && link !== "";
}

function wantsPage(request: FastifyRequest): boolean {
  return request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
}

function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).header("content-type", "text/html; charset=utf-8").send(page);
}
