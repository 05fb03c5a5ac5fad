# One image for every service and for the deploy steps; docker-compose.yml says which file each container runs.
FROM node:24.21.0-bookworm-slim

WORKDIR /app
ENV NODE_ENV=production \
    HEALTH_PORT=9100

RUN npm install --global --no-audit --no-fund pnpm@12.21.0

# What the lockfile names is fetched before the sources come: a change of code leaves this layer as it is.
COPY pnpm-lock.yaml pnpm-workspace.yaml ./
RUN pnpm fetch --prod

# Packages run from their sources, so the workspace itself is copied.
COPY . .
RUN pnpm install --prod --frozen-lockfile --offline

USER node

HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=1s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

CMD ["node", "services/definitions-api/src/main.ts"]
