/** Read when the server starts; nothing here depends on which Supabase project is used, so one build serves all. */
const config = {
  distDir: process.env.PULSEBOARD_DIST ?? ".next",
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are held by the checks over the whole repository; a start on a fresh machine need not repeat them. A configuration
  // that extends another is left alone by the build, which else rewrites tsconfig.json for every distDir.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  // The policy with its per-request nonce is set in proxy.ts; these are the headers that never vary.
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "X-Frame-Options", value: "DENY" },
          { key: "Referrer-Policy", value: "same-origin" },
          { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
          {
            key: "Permissions-Policy",
            value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), screen-wake-lock=(self)",
          },
        ],
      },
    ];
  },
};

export default config;
