#!/usr/bin/env Rscript
# Makes stations.csv, cells.csv and expected.csv (prediction and variance of each case) with gstat 2.1-0, R 4.2.2.
# use, in this folder: Rscript make.R
suppressMessages({library(sp); library(gstat)})
set.seed(4)
n <- 70
p <- data.frame(x = round(runif(n, 0, 1000), 1), y = round(runif(n, 0, 800), 1))
p$w <- round(sin(p$x / 300) + rnorm(n, 0, 0.3), 4)
p$z <- round(2 + 0.001 * p$x + 0.5 * p$w + cos(p$y / 150) + rnorm(n, 0, 0.2), 4)
g <- data.frame(x = round(runif(40, -100, 1100), 1), y = round(runif(40, -100, 900), 1))
g$w <- round(sin(g$x / 300), 4)
g[1, c("x", "y", "w")] <- p[1, c("x", "y", "w")]
write.csv(p, "stations.csv", row.names = FALSE, quote = FALSE)
write.csv(g, "cells.csv", row.names = FALSE, quote = FALSE)
coordinates(p) <- ~x + y
coordinates(g) <- ~x + y
sph <- vgm(0.6, "Sph", 400, 0.05)
cases <- list(
  ordinary = list(z ~ 1, sph),
  exponential = list(z ~ 1, vgm(0.6, "Exp", 200, 0.05)),
  gaussian = list(z ~ 1, vgm(0.6, "Gau", 150, 0.05)),
  matern15 = list(z ~ 1, vgm(0.6, "Mat", 80, 0.05, kappa = 1.5)),
  matern09 = list(z ~ 1, vgm(0.6, "Mat", 80, 0.05, kappa = 0.9)),
  linear = list(z ~ 1, vgm(0.002, "Lin", 0, 0.05)),
  nested = list(z ~ 1, vgm(0.3, "Sph", 700, add.to = vgm(0.3, "Exp", 60, 0.05))),
  anisotropic = list(z ~ 1, vgm(0.6, "Sph", 500, 0.05, anis = c(30, 0.4))),
  simple = list(z ~ 1, sph, beta = 2.5),
  universal = list(z ~ x + y, sph),
  external = list(z ~ w, sph),
  block = list(z ~ 1, sph, block = c(60, 30)),
  blockUniversal = list(z ~ x + y, sph, block = c(60, 60)),
  nearest = list(z ~ 1, sph, nmax = 12),
  nearestUniversal = list(z ~ x + y, sph, nmax = 20),
  nearestSimple = list(z ~ 1, sph, nmax = 12, beta = 2.5),
  nearestBlock = list(z ~ 1, sph, nmax = 12, block = c(60, 60)),
  nearestAnisotropic = list(z ~ 1, vgm(0.6, "Sph", 500, 0.05, anis = c(30, 0.4)), nmax = 15),
  nearestMatern = list(z ~ w, vgm(0.6, "Mat", 80, 0.05, kappa = 0.9), nmax = 25),
  within = list(z ~ 1, sph, maxdist = 180),
  nearestWithin = list(z ~ 1, sph, nmax = 8, maxdist = 180)
)
out <- lapply(names(cases), function(name) {
  k <- do.call(krige, c(list(cases[[name]][[1]], p, g, cases[[name]][[2]], debug.level = 0), cases[[name]][-(1:2)]))
  setNames(data.frame(k$var1.pred, k$var1.var), paste0(name, c(".prediction", ".variance")))
})
write.csv(format(do.call(cbind, out), digits = 15), "expected.csv", row.names = FALSE, quote = FALSE)
