import { Router } from 'express';
import { HoldService } from '../holdService';
import { HoldTable } from '../storage/holdTable';
import { Reason } from '../holds';

export function holdRoutes(service: HoldService, table: HoldTable): Router {
  const router = Router();

  router.post('/holds/:id', (req, res) => {
    service.open(req.params.id, Reason.Confirmation);
    res.status(201).end();
  });

  router.get('/holds', async (req, res) => {
    res.json(await table.pending());
  });

  return router;
}
