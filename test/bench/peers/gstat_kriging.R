#!/usr/bin/env Rscript
# Kriging by gstat, timed: points (CSV x,y,z) to cells (CSV x,y) with a model. Writes prediction and variance, prints JSON with
# the seconds for the first cell alone, which are mostly those of solving, and for all cells.
# use: gstat_kriging.R points.csv cells.csv out.csv nugget psill range [nmax]
suppressMessages({library(sp); library(gstat)})
a <- commandArgs(TRUE)
p <- read.csv(a[1]); g <- read.csv(a[2])
coordinates(p) <- ~x + y; coordinates(g) <- ~x + y
m <- vgm(as.numeric(a[5]), "Sph", as.numeric(a[6]), as.numeric(a[4]))
nmax <- if (length(a) > 6) as.integer(a[7]) else Inf
first <- system.time(krige(z ~ 1, p, g[1, ], m, nmax = nmax, debug.level = 0))[["elapsed"]]
t <- system.time(k <- krige(z ~ 1, p, g, m, nmax = nmax, debug.level = 0))[["elapsed"]]
write.table(format(data.frame(k$var1.pred, k$var1.var), digits = 17), a[3], sep = ",", quote = FALSE, row.names = FALSE, col.names = FALSE)
cat(sprintf('{"version":"%s","first":%.4f,"seconds":%.4f,"cells":%d}\n', packageVersion("gstat"), first, t, length(k$var1.pred)))
